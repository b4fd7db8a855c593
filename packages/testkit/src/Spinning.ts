/** Fibers that compute and never rest: what a fair loop has to live with. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** Computes until it is interrupted, and never yields by itself. */
export const spin: Effect.Effect<never> = Effect.forever(Effect.void, { disableYield: true })

/** `count` of them, until the scope ends. */
export const spinning = (count: number): Effect.Effect<void, never, Scope.Scope> =>
  Effect.forEach(Array.from({ length: count }), () => Effect.forkScoped(spin), { discard: true })
