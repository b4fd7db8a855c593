/** Copying one file to another name, content and permission bits, in one step. */
import type { Errno } from "../kernel/Errno.ts"
import { pageBytes } from "./Content.ts"
import type { Disk } from "./Disk.ts"
import { Access, type Inode, permits } from "./Inode.ts"
import { find } from "./Lookup.ts"
import { unlink } from "./Names.ts"
import { type OpenFile, openFile } from "./OpenFile.ts"

/** What one step of the copy holds in memory. */
const chunkBytes = 16 * pageBytes

const source = (disk: Disk, path: string): Inode | Errno => {
  const inode = find(disk, path)
  if (typeof inode === "string") return inode
  if (inode.kind === "socket") return "noSuchDevice"
  if (!permits(inode, disk.process, Access.read)) return "permissionDenied"
  return inode
}

/** Bytes that a copy of what is at `path` reads and writes. */
export const copyBytes = (disk: Disk, path: string): number => {
  const inode = source(disk, path)
  return typeof inode === "string" || inode.kind !== "file" ? 0 : inode.content.bytes
}

const fill = (from: Inode, to: OpenFile): Errno | undefined => {
  if (from.kind !== "file") return "isADirectory"
  for (let at = 0; at < from.content.bytes;) {
    const chunk = new Uint8Array(Math.min(chunkBytes, from.content.bytes - at))
    from.content.read(at, chunk)
    const written = to.write([chunk], at)
    if (typeof written === "string") return written
    at += written
  }
  return undefined
}

export const copy = (
  disk: Disk,
  fromPath: string,
  toPath: string,
  isExclusive: boolean
): Errno | undefined => {
  const from = source(disk, fromPath)
  if (typeof from === "string") return from
  const to = openFile(disk, {
    path: toPath,
    access: "write",
    append: false,
    create: isExclusive ? "exclusive" : "ifMissing",
    truncate: false,
    noFollow: false,
    mode: from.mode
  })
  if (typeof to === "string") return to
  if (to.inode === from) {
    // A file is its own copy.
    to.close()
    return undefined
  }
  to.clear()
  if (to.inode.mode !== from.mode) to.setMode(from.mode)
  const refusal = fill(from, to)
  to.close()
  if (refusal !== undefined) unlink(disk, toPath)
  return refusal
}
