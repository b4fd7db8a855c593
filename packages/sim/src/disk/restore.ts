/** What a host finds when it comes back: in memory, what is durable, and nothing else. */
import type { DirectoryInode, Inode } from "./Inode.ts"
import type { Space } from "./Space.ts"

/** Recounts names and what they take; what no name leads to is gone. */
export const restore = (root: DirectoryInode, space: Space): void => {
  space.pages = space.inodes = space.entries = 0
  const seen = new Set<Inode>([root])
  const directories = [root]
  root.links = 2
  forget(root, space)
  for (const directory of directories) {
    directory.entries.clear()
    for (const [name, inode] of directory.durable) {
      directory.entries.set(name, inode)
      space.entries++
      if (!seen.has(inode)) {
        seen.add(inode)
        inode.links = 0
        forget(inode, space)
      }
      inode.links++
      if (inode.kind !== "directory") continue
      inode.parent = directory
      inode.name = name
      inode.links = 2
      directory.links++
      directories.push(inode)
    }
  }
}

/** Everything about `inode` that was in memory only. */
const forget = (inode: Inode, space: Space): void => {
  inode.opens = 0
  inode.mode = inode.durableMode
  space.inodes++
  if (inode.kind !== "file") return
  inode.content = inode.durable.copy()
  space.pages += inode.content.pageCount
}
