/**
 * What a loop knows of itself: every backend's scheduler of fibers is one of these.
 */
import type * as Fiber from "effect/Fiber"
import type { Scheduler } from "effect/Scheduler"
import type { Blame } from "./Blame.ts"
import type { LoopSnapshot } from "./LoopSnapshot.ts"

/** A live fiber, as its scheduler last saw it. */
export interface KnownFiber {
  readonly fiber: Fiber.Fiber<unknown, unknown>
  /** When it last began to run, or was seen to, on the clock of `turnMillis`. */
  readonly resumedAtMillis: number
  /** It has used up its slice, or was put off, and stands in the run queue. */
  readonly isQueued: boolean
}

export interface LoopScheduler extends Scheduler {
  /**
   * The time as of the last look at the clock, in milliseconds with fractions on the loop's own
   * clock: cheap, never goes backwards, and the same for whatever runs without a look between.
   */
  readonly turnMillis: number
  /** Looks at the clock: the new `turnMillis`. */
  refreshTime(): number
  /** Counters since the scheduler was made. */
  snapshot(): LoopSnapshot
  /** Fibers that have started and not ended, in order of their first start. */
  fibers(): ReadonlyArray<KnownFiber>
  /**
   * Calls `listener` with each `Blame`, until the function it gives is called. It is called in the
   * middle of a fiber's step: it may schedule tasks, but run no fiber, and not throw.
   */
  onBlame(listener: (blame: Blame) => void): () => void
}
