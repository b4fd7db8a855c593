/** Time as laws measure it: on the monotonic clock of the fiber, and never "on time". */
import { type Deadline, DeadlineExceeded } from "@portico/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { fails, isTrue } from "./Expectation.ts"
import type { LawFailure } from "./LawFailure.ts"

/** `effect` takes no less than `duration`; how much more is the machine's business. */
export const takesAtLeast = <E, R>(
  duration: Duration.Input,
  what: string,
  effect: Effect.Effect<unknown, E, R>
): Effect.Effect<void, E | LawFailure, R> =>
  Effect.gen(function* () {
    const began = yield* Clock.monotonicTimeNanos
    yield* effect
    const nanos = (yield* Clock.monotonicTimeNanos) - began
    const leastNanos = Duration.toNanosUnsafe(duration)
    yield* isTrue(nanos >= leastNanos, `${what}: ${nanos} ns, not ${leastNanos}`)
  })

/** Fails with `DeadlineExceeded`, crediting `deadline`. */
export const exceeds = <A, E, R>(
  deadline: Deadline.Deadline,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<void, LawFailure, R> =>
  Effect.flatMap(Effect.exit(effect), (exit) => {
    const error = Exit.isFailure(exit) ? exit.cause.reasons[0] : undefined
    const isExceeded =
      error?._tag === "Fail" && error.error instanceof DeadlineExceeded.DeadlineExceeded
    const credited = isExceeded ? (error.error as DeadlineExceeded.DeadlineExceeded) : undefined
    return credited?.deadline === deadline
      ? Effect.void
      : fails(`Expected ${deadline.name} to be exceeded, got ${credited?.message ?? String(exit)}`)
  })

/** Somebody else runs before `effect` has ended. */
export const letsOthersRun = <E, R>(
  what: string,
  effect: Effect.Effect<unknown, E, R>
): Effect.Effect<void, E | LawFailure, R> =>
  Effect.gen(function* () {
    let others = 0
    yield* Effect.forkChild(Effect.sync(() => others++))
    yield* effect
    yield* isTrue(others === 1, `${what} let nobody else run`)
  })
