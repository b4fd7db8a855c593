/** One line of a fiber dump. */
import type { PendingOperation } from "./PendingOperation.ts"

export type FiberState =
  /** It asked. */
  | { readonly _tag: "Running" }
  /** It used up its slice, or was put off, and stands in the run queue. */
  | { readonly _tag: "Queued" }
  /** It waits for something the loop knows of. */
  | { readonly _tag: "Waiting"; readonly operation: PendingOperation }
  /**
   * It waits inside Effect, for a queue, a deferred, a child, or for its place in the run queue;
   * which of them, Effect does not say.
   */
  | { readonly _tag: "Suspended" }

export interface FiberReport {
  readonly id: number
  /** The name of its innermost span or `Effect.fn`. */
  readonly span: string | undefined
  /** `at name (file:line:column)`, innermost first, as Effect's stack frames have it. */
  readonly frames: ReadonlyArray<string>
  readonly state: FiberState
  /** Milliseconds since it last began to run: how long it has waited. */
  readonly sinceMillis: number
}
