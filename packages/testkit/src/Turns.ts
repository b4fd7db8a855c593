/**
 * Waiting for the world without sleeping: looking again on later turns of the host, with a bound.
 */
import { Backend, type Handle } from "@portico/core"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { fails } from "./Expectation.ts"
import type { LawFailure } from "./LawFailure.ts"

/** Turns after which something that "will happen" counts as not happening. */
export const turnsMax = 10_000

/**
 * Turns in which something that must not happen is given the chance to: a few milliseconds of a
 * host, and several round trips of a simulator whose packets take a hundred steps.
 */
export const quietTurns = 500

export const nextTurn: Effect.Effect<void, never, Backend.Backend> = Effect.flatMap(
  Backend.Backend,
  (backend) => Effect.callback<void>((resume) => backend.turn.later(() => resume(Effect.void)))
)

/**
 * Starts `effect` and looks at what has begun, in one operation: between two of them a fiber may be
 * told to yield, and the host would go on.
 */
export const beginning = <A, E, R, B>(
  effect: Effect.Effect<A, E, R>,
  look: (fiber: Fiber.Fiber<A, E>) => B
): Effect.Effect<readonly [fiber: Fiber.Fiber<A, E>, seen: B], never, R> =>
  Effect.contextWith((context: Context.Context<R>) =>
    Effect.sync(() => {
      const fiber = Effect.runForkWith(context)(effect)
      return [fiber, look(fiber)] as const
    })
  )

/** Lets everything that is under way happen, for laws that say what does not. */
export const settle: Effect.Effect<void, never, Backend.Backend> = Effect.repeat(nextTurn, {
  times: quietTurns
})

/** Waits until `condition` holds; fails with `what` when it does not within the bound. */
export const eventually = <E, R>(
  what: string,
  condition: Effect.Effect<boolean, E, R>
): Effect.Effect<void, E | LawFailure, R | Backend.Backend> =>
  Effect.gen(function* () {
    for (let turn = 0; turn < turnsMax; turn++) {
      if (yield* condition) return
      yield* nextTurn
    }
    return yield* fails(`${what}: not within ${turnsMax} turns`)
  })

/** Waits until `count` fibers wait on the handle. */
export const parked = (
  handle: Handle.Handle,
  count = 1
): Effect.Effect<void, LawFailure, Backend.Backend> =>
  eventually(
    `${count} waiting on ${handle.label}`,
    Effect.sync(() => handle.waits.length >= count)
  )
