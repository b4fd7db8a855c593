/**
 * What a backend provides for watching: hints that something about a name in one directory may
 * have changed. Core looks for itself and says what has; so a hint may come late, twice, for
 * nothing, or be of another kind, but must not be missing.
 */
import type { PortFailure } from "./PortFailure.ts"

export interface WatchPort {
  /**
   * Of two changes of one name that come within so many milliseconds, the second may have no hint:
   * core looks again that long after each hint, or up to twice that. 0 where each change has one.
   */
  readonly settleMillis: number
  /**
   * Watches the names in one directory, not those below, and the directory itself. A change made
   * after this has returned is hinted at. Fails with `NotFound`, `NotADirectory`,
   * `PermissionDenied`, `ResourceExhausted`.
   *
   * A path is watched as what is there now: when another directory has the name by the time of a
   * second call, that one is watched, and the first watch goes on with the old one or is silent.
   */
  open(path: string, events: WatchPortEvents): PortWatch | PortFailure
}

/** Each is called in a LATER callback than `open`, inside `turn.enter()` and `turn.leave()`. */
export interface WatchPortEvents {
  /** `isContent`: content or attributes of the file, not only the name. */
  onHint(name: string, isContent: boolean): void
  /** The directory itself has changed, or hints may be missing: all of it has to be looked at. */
  onUnknown(): void
}

export interface PortWatch {
  /** No hint comes any more. Idempotent. */
  close(): void
  /** Whether it keeps the host's loop alive. True at first. */
  setRef(isRef: boolean): void
}
