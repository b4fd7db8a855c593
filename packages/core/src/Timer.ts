/**
 * A timer as a handle: it can be moved while it runs, listed, and unref'd.
 *
 * For a plain wait, `Effect.sleep` is enough.
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { Handle } from "./Handle.ts"
import type { IoError } from "./IoError.ts"

export interface Timer extends Handle {
  readonly kind: "Timer"
  /**
   * Waits until it has fired: at once when it has. Never early by the loop's clock. Any number of
   * fibers. Fails with `Closed`.
   */
  readonly await: Effect.Effect<void, IoError>
  /** Whether it has fired since it was last started. */
  readonly hasFired: boolean
  /** Milliseconds until it fires; 0 once it has, `Infinity` when it never will. */
  readonly remainingMillis: number
  /**
   * Starts it anew, `duration` from now, whether it runs or has fired. Who awaits it goes on
   * waiting; it takes effect once (TIME-09). Durations are as in `EventLoop.openTimer`. Fails with
   * `Closed`, and with `InvalidArgument` for what is no duration.
   */
  readonly restart: (duration: Duration.Input) => Effect.Effect<void, IoError>
  /** Idempotent. Wakes who awaits it with `Closed`. */
  readonly close: Effect.Effect<void>
}
