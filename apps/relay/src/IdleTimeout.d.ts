/**
 * Ends the tunnels on which no byte moved, in either direction, for a whole period.
 *
 * One fiber and one timer watch all tunnels of a relay: a chunk costs nothing, a tunnel one entry
 * in a map. A silent tunnel is ended after one period at least and five quarters at most.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
export interface Watched {
  /** A number that changes with every byte that moves. */
  readonly bytesMoved: () => number
  /** Ends it. */
  readonly expire: Effect.Effect<void>
}
export interface IdleTimeout {
  /** Watches until `use` ends. */
  readonly watch: <A, E, R>(watched: Watched, use: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}
/** Runs in the scope it is made in. */
export declare const make: (
  period: Duration.Duration
) => Effect.Effect<IdleTimeout, never, Scope.Scope>
//# sourceMappingURL=IdleTimeout.d.ts.map
