/** Damage that a disk does not report: a bit that turned, and bytes from or at another place. */
import { pageBytes } from "./Content.ts"
import type { Disk } from "./Disk.ts"
import type { FileInode } from "./Inode.ts"

const drawsMax = 2 ** 21

const mayDamage = (disk: Disk, path: string, position: number): boolean =>
  disk.atlas === undefined || disk.atlas.claim(disk, path, position)

/** Turns a bit of what is about to be read, if that is to happen: it stays so. */
export const rot = (
  disk: Disk,
  inode: FileInode,
  path: string,
  position: number,
  length: number
): void => {
  if (length === 0 || !disk.faults.strikes("bitRot")) return
  const at = position + disk.draws.below(Math.min(length, drawsMax))
  const bit = 1 << disk.draws.below(8)
  if (!mayDamage(disk, path, at)) return
  const pagesBefore = inode.content.pageCount
  const byte = new Uint8Array(1)
  inode.content.read(at, byte)
  byte[0]! ^= bit
  inode.content.write(at, byte)
  disk.space.pages += inode.content.pageCount - pagesBefore
  if (at < inode.durable.bytes) inode.durable.write(at, byte)
}

/** Where a transfer at `position` really takes place: in another page of the file, now and then. */
export const misdirect = (
  disk: Disk,
  inode: FileInode,
  path: string,
  position: number,
  fault: "misdirectedReads" | "misdirectedWrites"
): number => {
  const pages = Math.floor(inode.content.bytes / pageBytes)
  const page = Math.floor(position / pageBytes)
  if (pages < 2 || page >= pages || !disk.faults.strikes(fault)) return position
  const other = (page + 1 + disk.draws.below(Math.min(pages - 1, drawsMax))) % pages
  const at = position + (other - page) * pageBytes
  return mayDamage(disk, path, position) && mayDamage(disk, path, at) ? at : position
}
