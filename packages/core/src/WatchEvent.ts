/**
 * What a watcher tells of a file or a directory. Plain data; paths begin with the path that was
 * watched, as it was given.
 */
import * as Data from "effect/Data"
import type { FileKind } from "./FileStat.ts"
import type { Reason } from "./Reason.ts"

export type WatchEvent = Data.TaggedEnum<{
  /** The name is there, and was not before. */
  Created: { readonly path: string; readonly kind: FileKind }
  /**
   * Content, length, times or permissions changed; of a directory, permissions only. With
   * `isReplaced` another file has the name now, and the name was never seen missing.
   */
  Modified: { readonly path: string; readonly kind: FileKind; readonly isReplaced: boolean }
  /** The name is gone, and was found under no other. */
  Deleted: { readonly path: string; readonly kind: FileKind }
  /** It has another name, and what had that name is gone. What is in a directory went with it. */
  Renamed: { readonly from: string; readonly to: string; readonly kind: FileKind }
  /** So many events were dropped here, as the queue was full: look at everything again. */
  Overflow: { readonly eventsLost: number }
  /**
   * What is in this directory is not watched, and changes there are not told: it may not be read,
   * the host has no more watches to give, or there are more than `entriesMax` entries.
   */
  Unwatched: { readonly path: string; readonly reason: Reason }
  /** The path that was watched is gone, or another one is there. No event comes after this one. */
  RootDeleted: { readonly path: string }
}>

export const WatchEvent = Data.taggedEnum<WatchEvent>()
