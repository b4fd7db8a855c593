/** A host's FFI, as the tests of the page cache use it. */
import type { TurnPort } from "@portico/core/port/index"
import type { CachedFile } from "@portico/node/file/CachedFile"

export interface Cached {
  readonly OpenFile: new (turn: TurnPort, descriptor: number) => CachedFile
  /** posix_fadvise(2) with POSIX_FADV_DONTNEED of the whole file: 0. */
  readonly advise: (descriptor: number) => number
}

export const dontNeed = 4
