/** All that is on a disk, as plain data. */
import type { Disk } from "./Disk.ts"
import type { DirectoryInode, Inode } from "./Inode.ts"

export type View = "volatile" | "durable"

export interface DiskEntry {
  readonly path: string
  readonly kind: Inode["kind"]
  readonly mode: number
  /** Of a file. */
  readonly content?: Uint8Array | undefined
  /** Of a symbolic link. */
  readonly target?: string | undefined
}

/** Sorted by path; the root is left out. Files are copied. */
export const snapshot = (disk: Disk, view: View): ReadonlyArray<DiskEntry> => {
  const entries: Array<DiskEntry> = []
  const below = (directory: DirectoryInode, path: string): void => {
    const names = view === "durable" ? directory.durable : directory.entries
    for (const name of [...names.keys()].sort()) {
      const inode = names.get(name)!
      entries.push(entryOf(inode, `${path}/${name}`, view))
      if (inode.kind === "directory") below(inode, `${path}/${name}`)
    }
  }
  below(disk.root, "")
  return entries
}

const entryOf = (inode: Inode, path: string, view: View): DiskEntry => {
  const mode = view === "durable" ? inode.durableMode : inode.mode
  const { kind } = inode
  if (kind === "symlink") return { path, kind, mode, target: inode.target }
  if (kind !== "file") return { path, kind, mode }
  const content = view === "durable" ? inode.durable : inode.content
  const bytes = new Uint8Array(content.bytes)
  content.read(0, bytes)
  return { path, kind, mode, content: bytes }
}
