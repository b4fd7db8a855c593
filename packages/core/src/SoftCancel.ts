/**
 * Soft cancellation: a region is asked to stop, and what has not stopped when a grace period is
 * over is interrupted.
 *
 * What runs inside goes on as before; it sees the request (`isRequested`, `awaitRequest`), or says
 * where it may be stopped at once (`untilRequested`): while it waits for a connection, or for the
 * next request on an idle one. From the request on, the end of the grace is a deadline of
 * everything inside: `Deadline.current` shows it.
 *
 * The words are those of C++20 (`stop_source::request_stop`, `stop_requested`); nesting and the
 * grace follow the proposals for trio (python-trio/trio#147, #921). Go's `http.Server.Shutdown`
 * does the same for one server: idle connections end, active ones get until the context's deadline.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Deadline } from "./Deadline.ts"
import type { DeadlineExceeded } from "./DeadlineExceeded.ts"
import { dayMillis, nanosWithin } from "./internal/DurationBounds.ts"
import { FixedDeadline } from "./internal/scope/FixedDeadline.ts"
import type { AnyFiber } from "./internal/scope/Inside.ts"
import { Current, enclose } from "./internal/scope/Region.ts"
import { StopRegion, UntilRequested } from "./internal/scope/StopRegion.ts"
import { StopState } from "./internal/scope/StopState.ts"
import { MovableDeadline } from "./MovableDeadline.ts"

/** A region that can be asked to stop. */
export interface SoftCancel {
  /** Infinite until the request; then the end of the grace. */
  readonly deadline: Deadline
  /** Whether the region, or one around it, was asked to stop, or it has ended. */
  readonly isRequested: Effect.Effect<boolean>
  /**
   * Asks it, and every region nested in it, to stop. The grace is the region's, or `grace` if that
   * is shorter. Asked again, a shorter one moves the end of the grace; a longer one changes
   * nothing. A grace of 0 interrupts at once.
   */
  readonly request: (options?: {
    readonly grace?: Duration.Input | undefined
  }) => Effect.Effect<void>
}

export interface Options {
  /**
   * How long after a request what is inside may go on, at most 1 day. Default: 5 seconds, or that
   * of the region around it. Nested regions may shorten the grace; a longer one counts as the
   * outer one's. One out of its bound dies with a `RangeError` that names it.
   */
  readonly grace?: Duration.Input | undefined
  /** What `DeadlineExceeded` calls the end of the grace. Default: `grace period`. */
  readonly name?: string | undefined
}

const graceByDefault = Duration.seconds(5)

const graceNanos = (grace: Duration.Input): bigint => nanosWithin("A grace", grace, 0, dayMillis)

const makeState = (fiber: AnyFiber, options: Options): StopState => {
  const around = fiber.getRef(Current)?.stop
  const deadline = new FixedDeadline(undefined, options.name ?? "grace period")
  const grace = options.grace ?? (around === undefined ? graceByDefault : dayMillis)
  return new StopState(new MovableDeadline(deadline), graceNanos(grace), around)
}

const makeHandle = (state: StopState): SoftCancel => ({
  deadline: state.deadline,
  isRequested: Effect.sync(() => state.isRequested),
  request: ({ grace } = {}) =>
    Clock.clockWith((clock) =>
      Effect.sync(() => state.request(grace === undefined ? undefined : graceNanos(grace), clock))
    )
})

/**
 * Runs what `body` gives as a region, and gives `body` the means to ask it to stop.
 *
 * When the body ends within the grace, its result comes out; otherwise it is interrupted, its
 * finalizers run, and the whole fails with `DeadlineExceeded`, which names the end of the grace or
 * an earlier deadline around it. Interrupting the caller asks the region to stop and waits for it,
 * its grace at most: so `runMain` stops it softly on SIGTERM. Children of the body end with it;
 * fibers that it put elsewhere (`Effect.forkDetach`, a `Scope`) are asked, and not interrupted.
 */
export const run = <A, E, R>(
  body: (self: SoftCancel) => Effect.Effect<A, E, R>,
  options: Options = {}
): Effect.Effect<A, E | DeadlineExceeded, R> =>
  Effect.withFiber((fiber) => {
    const state = makeState(fiber, options)
    const effect = Effect.suspend(() => body(makeHandle(state)))
    return enclose(effect, (waiter) => new StopRegion<A>(waiter, state))
  })

/** Whether the running fiber is asked to stop. Outside of any region it never is. */
export const isRequested: Effect.Effect<boolean> = Effect.withFiber((fiber) =>
  Effect.succeed(fiber.getRef(Current)?.stop?.isRequested ?? false)
)

/** Waits until the running fiber is asked to stop: for ever outside of any region. */
export const awaitRequest: Effect.Effect<void> = Effect.withFiber((fiber) => {
  const state = fiber.getRef(Current)?.stop
  if (state === undefined) return Effect.never
  return Effect.callback<void>((resume) => {
    if (state.isRequested) return resume(Effect.void)
    const forget = state.onRequest(() => resume(Effect.void))
    return Effect.sync(forget)
  })
})

/**
 * Runs `effect`, and interrupts it when the running fiber is asked to stop: for waits that may end
 * at any moment, such as `accept` and the read of a next request. Gives what it came to, or none
 * when it was interrupted; when the request was made before, none without running it.
 *
 * One step decides between the two: of `stream.read`, either the bytes come out or they stay in the
 * stream.
 */
export const untilRequested = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<Option.Option<A>, E, R> =>
  Effect.withFiber((fiber) => {
    const state = fiber.getRef(Current)?.stop
    if (state === undefined) return Effect.asSome(effect)
    // Others may run, so that asking again and again starves nobody.
    if (state.isRequested) return Effect.as(Effect.yieldNow, Option.none())
    return enclose(effect, (waiter) => new UntilRequested<A>(waiter, state))
  })
