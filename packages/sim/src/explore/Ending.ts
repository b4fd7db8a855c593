/**
 * What the end of one fiber brings about in a world that is deadlocked: it is interrupted, and all
 * others stay where they are, whoever wakes them. So whoever its end lets go on waited for it, be
 * it for a permit, a place in a queue, a value, or its exit, and was woken by nobody else.
 */
import type { SchedulerDispatcher } from "effect/Scheduler"
import type { AnyFiber } from "../Fibers.ts"
import type { World } from "../World.ts"

/** A fiber that lived when the world halted. */
export interface Inhabitant {
  readonly fiber: AnyFiber
  readonly world: World
  /** `fiber #2 "name"`, for people; undefined outside of hosts. */
  readonly name: string | undefined
}

export class Ending {
  /** Those that may go on, in order. */
  readonly woken = new Set<AnyFiber>()
  /** Whoever was ended, or was interrupted by one that was. */
  readonly ended = new Set<AnyFiber>()
  private readonly held = new Set<AnyFiber>()
  private readonly dispatchers = new Set<SchedulerDispatcher>()

  constructor(inhabitants: ReadonlyArray<Inhabitant>) {
    for (const { fiber, world } of inhabitants) {
      this.held.add(fiber)
      this.dispatchers.add(fiber.currentDispatcher)
      this.watchInterrupts(fiber)
      world.ending = this
    }
  }

  // The world is thrown away, and its fibers with it.
  private watchInterrupts(fiber: AnyFiber): void {
    const interrupt = fiber.interruptUnsafe
    const value: typeof interrupt = (fiberId, annotations) => {
      this.ended.add(fiber)
      this.held.delete(fiber)
      this.dispatchers.delete(fiber.currentDispatcher)
      interrupt.call(fiber, fiberId, annotations)
    }
    Object.defineProperty(fiber, "interruptUnsafe", { value })
  }

  /** Whether `fiber`, which was resumed just now, has to stay where it is. */
  stops(fiber: AnyFiber): boolean {
    if (!this.held.has(fiber)) return false
    this.woken.add(fiber)
    return true
  }

  /** Whether tasks of `dispatcher` are of a fiber that has to stay where it is. */
  drops(dispatcher: SchedulerDispatcher): boolean {
    return this.dispatchers.has(dispatcher)
  }

  end({ fiber, world }: Inhabitant): void {
    world.later(() => fiber.interruptUnsafe())
  }
}
