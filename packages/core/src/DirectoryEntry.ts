/** What a directory holds, by name. */
import type { FileKind } from "./FileStat.ts"

export interface DirectoryEntry {
  readonly name: string
  /** `unknown` where the file system does not say without a `linkStat`. */
  readonly kind: FileKind
}

export interface WalkEntry extends DirectoryEntry {
  /** From the root of the walk on, as that was written: `root/a/b`. */
  readonly path: string
  /** 0 for what stands in the root itself. */
  readonly depth: number
}
