/**
 * Acquiring that can be interrupted while it waits, and never between having and owning.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

export type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/**
 * Runs `acquire` uninterruptibly, with `restore` for its waits, and releases with the scope.
 * (`Effect.acquireRelease` would make the waits uninterruptible as well.)
 */
export const scoped = <A, E, R>(
  acquire: (restore: Restore) => Effect.Effect<A, E, R>,
  release: (resource: A) => Effect.Effect<void>
): Effect.Effect<A, E, R | Scope.Scope> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(acquire(restore), (resource) =>
      Effect.as(
        Effect.addFinalizer(() => release(resource)),
        resource
      )
    )
  )
