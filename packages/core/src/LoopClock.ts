/**
 * Effect's clock, on a loop: it knows who sleeps.
 */
import type { Clock } from "effect/Clock"

/** A fiber in `Effect.sleep`. */
export interface Sleep {
  /** 0 where it is unknown. */
  readonly fiberId: number
  /** When it ends, on the loop's clock (`LoopPort.nowMillis`); `Infinity` for never. */
  readonly endsAtMillis: number
}

/**
 * A sleep never ends early by `monotonicTimeNanos`; equal deadlines end in the order in which they
 * were started; zero and less end on a later turn, as one step; one without end lasts until it is
 * interrupted. An interrupted one keeps nothing of what it captured.
 */
export interface LoopClock extends Clock {
  /** Those that have not ended, in no order. Sleeps without end need not be listed. */
  sleeps(): ReadonlyArray<Sleep>
}
