/** `fs.BigIntStats` as core takes it. */
import { type BigIntStats, constants, type Dirent } from "node:fs"
import type { PortFileKind, PortFileStat } from "@portico/core/port/index"

const kinds: ReadonlyMap<number, PortFileKind> = new Map<number, PortFileKind>([
  [constants.S_IFREG, "file"],
  [constants.S_IFDIR, "directory"],
  [constants.S_IFLNK, "symlink"],
  [constants.S_IFIFO, "fifo"],
  [constants.S_IFSOCK, "socket"],
  [constants.S_IFCHR, "characterDevice"],
  [constants.S_IFBLK, "blockDevice"]
])

export const statOf = (stats: BigIntStats): PortFileStat => {
  const mode = Number(stats.mode)
  return {
    kind: kinds.get(mode & constants.S_IFMT) ?? "unknown",
    bytes: stats.size,
    mode: mode & 0o7777,
    links: Number(stats.nlink),
    user: Number(stats.uid),
    group: Number(stats.gid),
    device: stats.dev,
    inode: stats.ino,
    accessedNanos: stats.atimeNs,
    modifiedNanos: stats.mtimeNs,
    changedNanos: stats.ctimeNs,
    // Zero where statx(2) has no time of birth.
    createdNanos: stats.birthtimeNs === 0n ? undefined : stats.birthtimeNs
  }
}

export const kindOf = (entry: Dirent): PortFileKind => {
  if (entry.isFile()) return "file"
  if (entry.isDirectory()) return "directory"
  if (entry.isSymbolicLink()) return "symlink"
  if (entry.isFIFO()) return "fifo"
  if (entry.isSocket()) return "socket"
  if (entry.isCharacterDevice()) return "characterDevice"
  return entry.isBlockDevice() ? "blockDevice" : "unknown"
}
