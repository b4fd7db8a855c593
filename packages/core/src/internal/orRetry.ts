/**
 * Taking what may be another fiber's by now.
 *
 * The run loop may yield, and be interrupted, between an effect that gives a value and the
 * continuation that takes it. So what is taken is handed over in one synchronous step
 * (`Effect.sync`), which cannot give another effect when it finds nothing: it throws `tooLate`.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"

/** Thrown where what was there is another's by now. */
export const tooLate = new Error("Another fiber took it")

/** Runs `take`, and `retry` when that came too late. What was taken passes through untouched. */
export const orRetry = <A, E>(
  take: Effect.Effect<A>,
  retry: Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.catchCause(take, (cause) => {
    const isLate = cause.reasons.some(
      (reason) => Cause.isDieReason(reason) && reason.defect === tooLate
    )
    return isLate ? retry : Effect.failCause(cause)
  })
