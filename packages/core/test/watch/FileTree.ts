/** A tree of files and folders in memory, as a watcher sees it: names, kinds and inodes. */
import type { FileStat } from "@portico/core/FileStat"
import type { Finding } from "../../src/internal/watch/settle.ts"

interface Entry {
  readonly inode: number
  readonly kind: "file" | "directory"
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/"))

const isBelow = (path: string, directory: string): boolean => path.startsWith(`${directory}/`)

const statOf = ({ inode, kind }: Entry): FileStat => ({
  kind,
  bytes: 1n,
  mode: 0o644,
  links: 1,
  user: 0,
  group: 0,
  device: 1n,
  inode: BigInt(inode),
  accessedNanos: 0n,
  modifiedNanos: 1n,
  changedNanos: 1n,
  createdNanos: BigInt(inode)
})

/** What cannot be done is left, as by the system. */
export class FileTree {
  private readonly entries: Map<string, Entry>
  private lastInode: number

  constructor(entries: ReadonlyMap<string, Entry> = new Map(), lastInode = 0) {
    this.entries = new Map(entries)
    this.lastInode = lastInode
  }

  copy(): FileTree {
    return new FileTree(this.entries, this.lastInode)
  }

  get names(): ReadonlyArray<string> {
    return Array.from(this.entries.keys()).toSorted()
  }

  private hasParent(path: string): boolean {
    const parent = parentOf(path)
    return parent === "" || this.entries.get(parent)?.kind === "directory"
  }

  private isEmpty(path: string): boolean {
    return !this.names.some((name) => isBelow(name, path))
  }

  create(path: string, kind: Entry["kind"]): void {
    if (this.hasParent(path) && !this.entries.has(path)) {
      this.entries.set(path, { inode: ++this.lastInode, kind })
    }
  }

  remove(path: string): void {
    for (const name of this.names)
      if (name === path || isBelow(name, path)) this.entries.delete(name)
  }

  rename(from: string, to: string): void {
    const moved = this.entries.get(from)
    const replaced = this.entries.get(to)
    if (moved === undefined || from === to || isBelow(to, from) || !this.hasParent(to)) return
    if (replaced !== undefined && (replaced.kind !== moved.kind || !this.isEmpty(to))) return
    for (const name of this.names) {
      if (name !== from && !isBelow(name, from)) continue
      const entry = this.entries.get(name)!
      this.entries.delete(name)
      this.entries.set(to + name.slice(from.length), entry)
    }
  }

  /** What one look finds that is taken of this tree after one of `before`. */
  findings(before: FileTree): ReadonlyMap<string, Finding> {
    const paths = new Set([...before.names, ...this.names])
    const stat = (entry: Entry | undefined) => entry && statOf(entry)
    return new Map(
      Array.from(paths, (path): [string, Finding] => [
        path,
        {
          before: stat(before.entries.get(path)),
          after: stat(this.entries.get(path)),
          isTouched: false
        }
      ])
    )
  }
}
