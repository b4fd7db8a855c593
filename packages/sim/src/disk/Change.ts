/**
 * What programs did to a disk and no sync has made durable yet: one record for each operation.
 *
 * Changes of names depend on each other, as in the journal of a file system: no crash may leave a
 * rename by half, lose a file that was moved, or bring back the way into a directory that is gone.
 * What a change touches, and what it needs to be there, is said with keys.
 */
import type { DirectoryInode, FileInode, Inode } from "./Inode.ts"

export interface Write {
  readonly kind: "write"
  readonly inode: FileInode
  readonly position: number
  readonly bytes: Uint8Array
}

export interface Resize {
  readonly kind: "resize"
  readonly inode: FileInode
  readonly bytes: number
}

export interface Allocate {
  readonly kind: "allocate"
  readonly inode: FileInode
  readonly position: number
  readonly bytes: number
}

export interface SetMode {
  readonly kind: "mode"
  readonly inode: Inode
  readonly mode: number
}

/** A name that leads elsewhere from now on, or nowhere. */
export interface Edit {
  readonly directory: DirectoryInode
  readonly name: string
  readonly to: Inode | undefined
}

export interface NameChange {
  readonly kind: "names"
  /** Of one or two directories; all or nothing. */
  readonly edits: ReadonlyArray<Edit>
  readonly touches: ReadonlyArray<string>
  /** Changes before this one that touched any of these have to be there as well. */
  readonly needs: ReadonlyArray<string>
  /** The same, but a sync of the directory alone does not bring them along. */
  readonly needsWay: ReadonlyArray<string>
}

/** Of what is in a file or about it, and of names. */
export type FileChange = Write | Resize | Allocate | SetMode
export type Change = FileChange | NameChange

export interface Pending<A extends Change = Change> {
  /** From 1, over all changes of the disk. */
  readonly sequence: number
  /** Syncs that had been done by then: devices reorder within one, never across. */
  readonly flush: number
  readonly change: A
}

const nameKey = ({ directory, name }: Omit<Edit, "to">) => `${directory.number}/${name}`
const inodeKey = (inode: Inode) => `#${inode.number}`
const insideKey = (directory: DirectoryInode) => `${directory.number}/`
const movesKey = "moves"

/** A new file, directory or link. Until its directory has a way to it, it is lost with it. */
export const made = (directory: DirectoryInode, name: string, to: Inode): NameChange => {
  const edit = { directory, name, to }
  return {
    kind: "names",
    edits: [edit],
    touches: [nameKey(edit), inodeKey(to), insideKey(directory)],
    needs: [nameKey(edit)],
    needsWay: [inodeKey(directory)]
  }
}

/** Another name for what has one. */
export const linked = (directory: DirectoryInode, name: string, to: Inode): NameChange => {
  const change = made(directory, name, to)
  return { ...change, needs: [...change.needs, inodeKey(to), inodeKey(directory)], needsWay: [] }
}

/** `inode` has lost this name; when it is a directory, it was empty. */
export const removed = (directory: DirectoryInode, name: string, inode: Inode): NameChange => {
  const edit = { directory, name, to: undefined }
  const gone = inode.kind === "directory" ? [insideKey(inode)] : []
  return {
    kind: "names",
    edits: [edit],
    touches: [nameKey(edit), inodeKey(inode), insideKey(directory)],
    needs: [nameKey(edit), inodeKey(inode), ...gone],
    needsWay: []
  }
}

export interface MoveEnd {
  readonly directory: DirectoryInode
  readonly name: string
}

/** From one name to another, in the place of `replaced`. */
export const moved = (
  inode: Inode,
  from: MoveEnd,
  to: MoveEnd,
  replaced: Inode | undefined
): NameChange => {
  const isMove = inode.kind === "directory" && from.directory !== to.directory
  const ends = [nameKey(from), nameKey(to), inodeKey(inode)]
  if (replaced !== undefined) ends.push(inodeKey(replaced))
  if (isMove) ends.push(movesKey)
  const gone = replaced?.kind === "directory" ? [insideKey(replaced)] : []
  return {
    kind: "names",
    edits: [
      { ...from, to: undefined },
      { ...to, to: inode }
    ],
    touches: [...ends, insideKey(from.directory), insideKey(to.directory)],
    needs: [...ends, inodeKey(to.directory), ...gone],
    needsWay: []
  }
}

/** Makes it what a loss of power leaves. */
export const apply = (change: Change): void => {
  switch (change.kind) {
    case "write":
      return change.inode.durable.write(change.position, change.bytes)
    case "resize":
      return change.inode.durable.resize(change.bytes)
    case "allocate":
      return change.inode.durable.allocate(change.position, change.bytes)
    case "mode":
      change.inode.durableMode = change.mode
      return
    case "names":
      for (const { directory, name, to } of change.edits) {
        if (to === undefined) directory.durable.delete(name)
        else directory.durable.set(name, to)
      }
  }
}
