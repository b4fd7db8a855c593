/** Whether two looks saw the same file, and whether it has changed between them. */
import type { FileStat } from "../../FileStat.ts"

/**
 * One file, under whatever name. An inode that was freed is given to the next file at once (ext4,
 * tmpfs), so the birth time decides. A host that knows none reports the time of the last change in
 * its place, which a rename moves: then length and time of modification have to be equal.
 */
export const isSameFile = (one: FileStat, other: FileStat): boolean => {
  if (one.inode !== other.inode || one.device !== other.device || one.kind !== other.kind) {
    return false
  }
  if (one.createdNanos === other.createdNanos && one.createdNanos !== undefined) return true
  const isBirthKnown =
    one.createdNanos !== undefined &&
    other.createdNanos !== undefined &&
    !(one.createdNanos === one.changedNanos && other.createdNanos === other.changedNanos)
  return !isBirthKnown && isSameContent(one, other)
}

const isSameContent = (one: FileStat, other: FileStat): boolean =>
  one.bytes === other.bytes && one.modifiedNanos === other.modifiedNanos

const isSameAccess = (one: FileStat, other: FileStat): boolean =>
  one.mode === other.mode && one.user === other.user && one.group === other.group

/** A directory's times change with what is in it, which is told by itself. */
export const isChanged = (before: FileStat, after: FileStat): boolean =>
  before.kind === "directory"
    ? !isSameAccess(before, after)
    : !isSameContent(before, after) ||
      !isSameAccess(before, after) ||
      before.changedNanos !== after.changedNanos

/** The same, of a file that was renamed, which moves the time of its last change. */
export const isChangedBesides = (before: FileStat, after: FileStat): boolean =>
  !isSameAccess(before, after) || (before.kind !== "directory" && !isSameContent(before, after))
