/** Fibers that compute and never rest: what a fair loop has to live with. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { isTrue } from "./Expectation.ts"
import type { LawFailure } from "./LawFailure.ts"

/** Ten times what a law needs; bounded, so that a loop that tells none to yield does not hang. */
const roundsMax = 1_000_000

/** Computes until it is interrupted, and never yields by itself. */
export const spin: Effect.Effect<void> = Effect.suspend(() => {
  let rounds = 0
  return Effect.whileLoop({
    while: () => rounds++ < roundsMax,
    body: () => Effect.void,
    step: () => {}
  })
})

/** `count` of them, until the scope ends; then gives the check that all of them still compute. */
export const spinning = (
  count: number
): Effect.Effect<Effect.Effect<void, LawFailure>, never, Scope.Scope> =>
  Effect.map(
    Effect.forEach(Array.from({ length: count }), () => Effect.forkScoped(spin)),
    (fibers) =>
      Effect.suspend(() => {
        const ended = fibers.filter((fiber) => fiber.pollUnsafe() !== undefined).length
        return isTrue(ended === 0, `${ended} of ${count} ended before anybody else ran`)
      })
  )
