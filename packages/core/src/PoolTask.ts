/** A task that was handed to a lane. */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { PoolError } from "./PoolError.ts"

/** `NeverStarted`: it did not run at all. `Terminated`: its thread was ended. */
export type CancelOutcome = "NeverStarted" | "Ended" | "Terminated"

export interface PoolTask<Result> {
  /**
   * What it gives, or why not: as `PoolLane.run`; `Cancelled` or `Terminated` after a `cancel`.
   * Any number of fibers may await it. Interrupted, only the waiting ends.
   */
  readonly await: Effect.Effect<Result, PoolError>
  /** `Running` also for one that was asked to stop. */
  readonly state: Effect.Effect<"Waiting" | "Running" | "Ended">
  /**
   * One that waits never runs. One that runs is asked to stop and has its grace (default 1 second,
   * at most 10 min), then its thread is ended; given none, it is not asked. Succeeds when it has
   * ended, with how: `Ended` is by itself, with a result, which `await` gives, or by throwing.
   * Interrupted, only the waiting ends.
   */
  readonly cancel: (options?: {
    readonly grace?: Duration.Input | undefined
  }) => Effect.Effect<CancelOutcome, PoolError>
}
