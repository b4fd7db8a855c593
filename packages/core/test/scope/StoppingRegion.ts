/** Regions that run, and how long they take to end once they are asked, on a `TestClock`. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { DeadlineExceeded } from "../../src/DeadlineExceeded.ts"
import * as SoftCancel from "../../src/SoftCancel.ts"

export const run = <A, E>(program: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(Effect.provide(program, TestClock.layer()))

export const fork = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.forkChild(Effect.exit(effect), { startImmediately: true })

export interface Running<A, E> {
  readonly region: SoftCancel.SoftCancel
  readonly fiber: Fiber.Fiber<Exit.Exit<A, E | DeadlineExceeded>>
}

/** A region that runs, and the means to stop it. */
export const running = <A, E>(
  body: Effect.Effect<A, E>,
  options?: SoftCancel.Options
): Effect.Effect<Running<A, E>> =>
  Effect.gen(function* () {
    let region: SoftCancel.SoftCancel | undefined
    const fiber = yield* fork(
      SoftCancel.run((self) => {
        region = self
        return body
      }, options)
    )
    return { fiber, region: region! }
  })

/** The name of the deadline that ended it, or what it came to. */
export const end = <A>(exit: Exit.Exit<A, unknown>): unknown => {
  if (Exit.isSuccess(exit)) return exit.value
  const [reason] = exit.cause.reasons
  if (reason?._tag !== "Fail") return reason?._tag
  return reason.error instanceof DeadlineExceeded ? reason.error.deadline.name : reason.error
}

/** Milliseconds, to one, until the fiber ends. */
export const endsAfter = (fiber: Fiber.Fiber<unknown>) =>
  Effect.gen(function* () {
    for (let millis = 0; millis < 10_000; millis++) {
      if (fiber.pollUnsafe() !== undefined) return millis
      yield* TestClock.adjust(1)
    }
    throw new Error("It does not end")
  })
