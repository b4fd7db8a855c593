/**
 * Following a file by its name, as `tail -F` does, through appends, truncation and rotation,
 * without losing or repeating a byte of what one writer wrote.
 *
 * - A file that was renamed is followed until another one has its name and something is in it: a
 *   single writer writes to it until then. What others write to it later is not read.
 * - Files that came and went under the name while nobody looked are found under the names that
 *   rotations give (`log.1`, `log-20261122`, `log.2026-11-22`, `app.1.log`), and read in the order
 *   in which they were made. Those that were compressed or removed meanwhile are lost.
 * - A file that was cut (`copytruncate`) is read from its start; what had not been read is read
 *   from the copy. It is noticed by its length, and by the last 64 bytes that were read, which must
 *   still be there; a file that is cut and filled with the same bytes is taken for the old one.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Files } from "./Files.ts"
import { openTail } from "./internal/tail/openTail.ts"
import type { IoError } from "./IoError.ts"
import { Site } from "./Site.ts"
import type { TailEvent } from "./TailEvent.ts"
import { Watch } from "./Watch.ts"
import type { WatchOptions } from "./WatchOptions.ts"

export interface TailOptions {
  /**
   * Where to begin in the file that is there: default `end`. One that comes later is read from its
   * start.
   */
  readonly from?: "start" | "end" | undefined
  /** Files that were missed and are held open at once, 1 to 1,024. Default 64. */
  readonly generationsMax?: number | undefined
  /** As in `WatchOptions`: how the directory of the file is watched. */
  readonly method?: WatchOptions["method"]
  readonly interval?: WatchOptions["interval"]
}

export interface FileTail {
  readonly path: string
  readonly counters: {
    readonly bytesRead: number
    /** Files that took the name, and were read. */
    readonly rotations: number
    readonly truncations: number
  }
  /**
   * What comes next; waits for it. One fiber at a time, another one fails with `Busy`. Interrupted,
   * it loses nothing.
   *
   * Fails with `NotFound` when the directory of the file is gone, with `InvalidArgument` when what
   * has the name is no regular file, with `PermissionDenied`, `DeviceError`, `ResourceExhausted`;
   * the next read goes on where this one began.
   */
  readonly read: Effect.Effect<TailEvent, IoError>
}

/**
 * Follows the file of this name, which need not be there yet, until the scope ends. Fails with
 * `NotFound` when its directory is not there, with what watching a directory fails with, and with
 * `InvalidArgument`, also when it is no regular file: to open a FIFO would wait for who writes.
 */
export const open = (
  path: string,
  options: TailOptions = {}
): Effect.Effect<FileTail, IoError, Scope.Scope | Files | Watch> => {
  const site = new Site()
  return Effect.flatMap(Files, (files) =>
    Watch.use((watch) => openTail({ files, watch, site }, path, options))
  )
}
