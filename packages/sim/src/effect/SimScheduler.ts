/**
 * Effect's scheduler over a world: every task of every fiber goes through the world's ready list.
 *
 * Resumes stay inline within a step, as in production (a waker runs what it wakes), so that a run
 * in order `fifo` behaves as programs do on a host.
 */
import type { KnownFiber, LoopScheduler } from "@portico/core/LoopScheduler"
import type { LaneLength, LoopSnapshot } from "@portico/core/LoopSnapshot"
import type { SchedulerDispatcher } from "effect/Scheduler"
import type { AnyFiber } from "../Fibers.ts"
import { type Strand, StrandKind } from "../loop/Strand.ts"
import type { World } from "../World.ts"

const nanosPerMilli = 1e6

export class SimScheduler implements LoopScheduler {
  readonly executionMode = "async"
  readonly world: World
  private readonly flush: () => void
  private slices = 0
  private putOff = 0

  /** `flush` runs the world as far as it gets; `Effect.runSync` calls it. */
  constructor(world: World, flush: () => void) {
    this.world = world
    this.flush = flush
  }

  // Called before every operation. The count is 1 at the first one after each resume.
  shouldYield(fiber: AnyFiber): boolean {
    const operations = fiber.currentOpCount
    const { world } = this
    if (world.isFrozen) return true
    if (operations !== 1) {
      if (operations >= fiber.cache.maxOpsBeforeYield) return this.endSlice(fiber)
      // After a yield, the first operation is the resume and the second what it was put before:
      // told to yield there, a fiber would never come to it.
      return operations > 2 && world.scheduling !== undefined && this.isPreempted(fiber)
    }
    if (world.ending !== undefined && world.ending.stops(fiber)) return true
    const isNew = world.fibers.resumed(fiber, world.now)
    if (world.stepKind !== StrandKind.fiber && world.inStep) world.turns.inCallback(world.steps)
    // A fiber that is interrupted before it started still has its start in the queue. Put off, the
    // interruption would come after that start and be lost, so whatever comes first runs now.
    const mayResume = world.mayResume()
    if ((isNew && world.inStep) || (mayResume && !this.isDeferred(fiber))) {
      world.trace?.runs(fiber, world.fibers.numberOf(fiber))
      return false
    }
    this.putOff++
    world.fibers.yields(fiber, "putOff")
    return true
  }

  private isPreempted(fiber: AnyFiber): boolean {
    const { fibers, isOver, now, scheduling } = this.world
    if (isOver || !scheduling!.preempts(strandOf(fiber))) return false
    fibers.resumed(fiber, now)
    fibers.yields(fiber, "putOff")
    return true
  }

  // Only what another fiber woke in its own step; a step's own fiber was chosen already.
  private isDeferred(fiber: AnyFiber): boolean {
    const { isOver, resumes, scheduling } = this.world
    return !isOver && scheduling !== undefined && resumes > 1 && scheduling.defers(strandOf(fiber))
  }

  private endSlice(fiber: AnyFiber): true {
    this.slices++
    const { fibers, now } = this.world
    // It may have come to this scheduler in the middle of its run.
    fibers.resumed(fiber, now)
    fibers.yields(fiber, "spent")
    return true
  }

  makeDispatcher(): SchedulerDispatcher {
    return new SimDispatcher(this.world, this.flush)
  }

  /** As of the loop's last look: one when it has polled, one before its timers. */
  get turnMillis(): number {
    return this.world.local(this.world.loopTime) / nanosPerMilli
  }

  refreshTime(): number {
    this.world.loopTime = this.world.now
    return this.turnMillis
  }

  /** In virtual time. A step's time is the same for all, so none is among the longest. */
  snapshot(): LoopSnapshot {
    const { fibers, lanes, steps, turns } = this.world
    turns.endCallback(steps)
    return {
      turns: turns.turns,
      tasks: lanes.taken,
      callbacks: turns.callbacks,
      slices: this.slices,
      putOff: this.putOff,
      queue: this.lanes(),
      queueLength: lanes.size,
      fibers: fibers.alive().length,
      turnTime: turns.turnTime,
      lag: turns.lag.view(),
      utilization: this.world.utilization,
      longestSteps: []
    }
  }

  // Effect yields with priority 0, whatever the fiber.
  private lanes(): ReadonlyArray<LaneLength> {
    const { fibers, lanes } = this.world
    return lanes.lengths().map(({ length, priority }) => {
      const spent = priority === 0 ? Math.min(fibers.spent, length) : 0
      return { priority, fresh: length - spent, spent }
    })
  }

  fibers(): ReadonlyArray<KnownFiber> {
    return this.world.fibers.known()
  }

  /** Never calls: the time that a program computes for is not simulated, so nobody is to blame. */
  onBlame(): () => void {
    return () => {}
  }
}

const strandOf = (fiber: AnyFiber): Strand => (fiber.currentDispatcher as SimDispatcher).strand

class SimDispatcher implements SchedulerDispatcher {
  readonly flush: () => void
  private readonly world: World
  readonly strand: Strand

  constructor(world: World, flush: () => void) {
    this.world = world
    this.flush = flush
    this.strand = world.strand(StrandKind.fiber)
  }

  scheduleTask(task: () => void, priority: number): void {
    if (this.world.ending !== undefined && this.world.ending.drops(this)) return
    this.world.postFiber(this.strand, task, priority)
  }
}
