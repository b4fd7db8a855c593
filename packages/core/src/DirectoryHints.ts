/**
 * A directory of which one wants to know only that something may have changed: for who looks for
 * himself. No name is looked at, and many changes are told as one.
 */
import type * as Effect from "effect/Effect"
import type { Handle } from "./Handle.ts"
import type { IoError } from "./IoError.ts"
import type { WatchMethod, WatchOptions } from "./WatchOptions.ts"

/**
 * When a change of a name is told: `now`, `soon` (within 20 ms, together with others) or `never`.
 * `isContent`: of content or attributes of what has the name, else of the name itself.
 * Called for each change, so it should be cheap.
 */
export type HintInterest = (name: string, isContent: boolean) => "now" | "soon" | "never"

export interface HintOptions {
  readonly interest: HintInterest
  /** As in `WatchOptions`. By polling, something may have changed each `interval`. */
  readonly method?: WatchOptions["method"]
  readonly interval?: WatchOptions["interval"]
}

export interface DirectoryHints extends Handle {
  readonly kind: "Watcher"
  /** As it was given. */
  readonly path: string
  readonly method: WatchMethod
  /**
   * Succeeds when something may have changed since the watch began, or since the last time that
   * this succeeded; waits for it. It may be told twice, or for nothing. Interrupted, or failed, it
   * tells the next one.
   *
   * Fails with `Closed` once it was closed; with `NotFound` when the directory is gone or another
   * one is there, after one more success; with `PermissionDenied`, `DeviceError`,
   * `ResourceExhausted` when the directory could not be looked at: the next one looks again; with
   * `Broken` when `interest` threw, which ends it.
   */
  readonly await: Effect.Effect<void, IoError>
  /** Whoever waits fails with `Closed`. Idempotent. */
  readonly close: Effect.Effect<void>
}
