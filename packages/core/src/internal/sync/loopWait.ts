/** A fiber that waits on its loop for words that other threads change. */
import * as Effect from "effect/Effect"
import type { SyncError } from "../../sync/SyncError.ts"
import type { Home } from "./Home.ts"

/**
 * Calls `onBegin`, and waits until `look` gives how it ends: at once, or when the loop is woken.
 * Interrupted, it calls `onCancel`, and has changed nothing.
 */
export const loopWait = <A>(
  home: Home,
  look: () => Effect.Effect<A, SyncError> | undefined,
  { onBegin, onCancel }: { readonly onBegin?: () => void; readonly onCancel?: () => void } = {}
): Effect.Effect<A, SyncError> =>
  Effect.callback((resume) => {
    onBegin?.()
    const wait = {
      look: () => {
        const ending = look()
        if (ending === undefined) return
        home.waits.delete(wait)
        resume(ending)
      }
    }
    home.waits.add(wait)
    wait.look()
    return Effect.sync(() => {
      home.waits.delete(wait)
      onCancel?.()
    })
  })
