/** A callback in a phase of the loop, as a handle. See `EventLoop.hook`. */
import type * as Effect from "effect/Effect"
import type { Handle } from "./Handle.ts"
import type { Phase } from "./Phase.ts"

export interface PhaseHook extends Handle {
  readonly kind: "PhaseHook"
  readonly phase: Phase
  /** It is not called any more. Idempotent. */
  readonly close: Effect.Effect<void>
}
