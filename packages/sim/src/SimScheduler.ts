/**
 * Effect's scheduler over a world: every task of every fiber goes through the world's ready list.
 *
 * Resumes stay inline within a step, as in production (a waker runs what it wakes), so that a run
 * in order `fifo` behaves as programs do on a host.
 */
import type * as Fiber from "effect/Fiber"
import type { Scheduler, SchedulerDispatcher } from "effect/Scheduler"
import { type Strand, StrandKind } from "./Strand.ts"
import type { World } from "./World.ts"

export class SimScheduler implements Scheduler {
  readonly executionMode = "async"
  private readonly world: World
  private readonly flush: () => void

  /** `flush` runs the world as far as it gets; `Effect.runSync` calls it. */
  constructor(world: World, flush: () => void) {
    this.world = world
    this.flush = flush
  }

  // Called before every operation. The count is 1 at the first one after each resume.
  shouldYield(fiber: Fiber.Fiber<unknown, unknown>): boolean {
    const operations = fiber.currentOpCount
    if (operations !== 1) return operations >= fiber.cache.maxOpsBeforeYield
    const isNew = this.world.fibers.resumed(fiber)
    // A fiber that is interrupted before it started still has its start in the queue. Put off, the
    // interruption would come after that start and be lost, so whatever comes first runs now.
    return !this.world.mayResume() && !(isNew && this.world.inStep)
  }

  makeDispatcher(): SchedulerDispatcher {
    return new SimDispatcher(this.world, this.flush)
  }
}

class SimDispatcher implements SchedulerDispatcher {
  readonly flush: () => void
  private readonly world: World
  private readonly strand: Strand

  constructor(world: World, flush: () => void) {
    this.world = world
    this.flush = flush
    this.strand = world.strand(StrandKind.fiber)
  }

  scheduleTask(task: () => void, priority: number): void {
    this.world.post(this.strand, task, priority)
  }
}
