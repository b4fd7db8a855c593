/**
 * A file or a directory that is watched: what became of the names, as events.
 *
 * The host only says where to look. What is told is the difference between what was known of a name
 * and what is there when it is looked at; so all hosts, polling and the simulator tell alike:
 *
 * - What was changed after `Watch.watch` succeeded is told. A change made while it looks may be
 *   told by a second `Modified`; no event is told of what did not happen.
 * - Changes that follow each other closely are one: a file that came and went is not told, one that
 *   came and was written is `Created`, one that was written twice is `Modified` once.
 * - `Renamed` is told when both names are watched and the look finds both changes, which is so on
 *   the hosts' watchers unless they are overrun; else it is `Deleted` and `Created`. When a name is
 *   gone, the look waits 20 ms for the hint at another one: what it tells comes that much later.
 * - The events of one look come in an order in which they could have happened.
 * - Polling sees a file as changed by length, times, permissions; a change that leaves all of them
 *   is not seen.
 * - Symbolic links are not followed, but for the path itself. Names that are no UTF-8 are not
 *   watched.
 */
import type * as Effect from "effect/Effect"
import type { Handle } from "./Handle.ts"
import type { IoError } from "./IoError.ts"
import type { WatchEvent } from "./WatchEvent.ts"
import type { WatchMethod } from "./WatchOptions.ts"

/** Exact. */
export interface WatchCounters {
  /** Names that are known now. */
  readonly entries: number
  /** Directories that the host, or polling, watches now. */
  readonly directories: number
  /** Stand in the queue now. */
  readonly eventsQueued: number
  /** Handed to a fiber, `Overflow` included. */
  readonly eventsTaken: number
  /** Dropped, as the queue was full. */
  readonly eventsLost: number
  /** Times that it looked. */
  readonly looks: number
  /** A look is under way, or due for what the host said; polls are not counted. */
  readonly isLooking: boolean
}

export interface Watcher extends Handle {
  readonly kind: "Watcher"
  /** As it was given. */
  readonly path: string
  readonly method: WatchMethod
  readonly watched: WatchCounters
  /**
   * The next event; waits for one. Each event goes to one fiber, in the order in which they came.
   * Interrupted, it takes none.
   *
   * Fails with `Closed` once it was closed, whatever was queued; with `NotFound` after
   * `RootDeleted`; with `DeviceError`, `PermissionDenied` and the like when it could not look any
   * more, which ends it.
   */
  readonly take: Effect.Effect<WatchEvent, IoError>
  /** No event comes any more; whoever waits fails with `Closed`. Idempotent. */
  readonly close: Effect.Effect<void>
}
