/** What happens to a disk: what is written, made durable, and lost with the power. */
import type { Change } from "../disk/Change.ts"
import type { ChangeWatch } from "../disk/ChangeLog.ts"
import type { Inode } from "../disk/Inode.ts"
import type { TraceSink } from "./TraceSink.ts"

/** `sink` is asked each time: a disk outlives the lives of its host. */
export const watchDisk = (sink: () => TraceSink): ChangeWatch => {
  const paths = new WeakMap<Inode, string>()
  const added = new WeakMap<Change, number>()
  const pathOf = (change: Change): string =>
    change.kind === "names"
      ? change.edits.map(({ name }) => name).join(" to ")
      : (paths.get(change.inode) ?? `inode ${change.inode.number}`)
  const dataOf = (change: Change) => {
    const path = pathOf(change)
    if (change.kind === "write") return { path, bytes: change.bytes.length }
    return { path, what: change.kind === "names" ? "name" : change.kind }
  }
  return {
    opened: (inode, path) => void paths.set(inode, path),
    added: (change) => void added.set(change, sink().record("write", dataOf(change))),
    synced: (inode) => {
      sink().record("fsync", { path: paths.get(inode) ?? `inode ${inode.number}` })
    },
    gone: (change, how) => {
      sink().record("lost", { ...dataOf(change), how }, added.get(change) ?? -1)
    }
  }
}
