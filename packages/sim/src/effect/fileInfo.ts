/** What core says of a file, as Effect's `FileSystem` does. */
import type { FileKind, FileStat } from "@portico/core/FileStat"
import * as ByteSize from "effect/ByteSize"
import * as DateTime from "effect/DateTime"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"

/** Its name in Effect, and what stands for it in a mode (`S_IFMT`). */
const types: Readonly<Record<FileKind, readonly [FileSystem.File.Type, number]>> = {
  file: ["File", 0o100000],
  directory: ["Directory", 0o040000],
  symlink: ["SymbolicLink", 0o120000],
  fifo: ["FIFO", 0o010000],
  socket: ["Socket", 0o140000],
  characterDevice: ["CharacterDevice", 0o020000],
  blockDevice: ["BlockDevice", 0o060000],
  unknown: ["Unknown", 0]
}

export const typeOf = (kind: FileKind): FileSystem.File.Type => types[kind][0]

const toDate = (nanos: bigint) =>
  DateTime.toDateUtc(DateTime.makeUnsafe(Number(nanos / 1_000_000n)))

export const fileInfo = (stat: FileStat): FileSystem.File.Info => ({
  type: typeOf(stat.kind),
  mtime: Option.some(toDate(stat.modifiedNanos)),
  atime: Option.some(toDate(stat.accessedNanos)),
  birthtime: Option.map(Option.fromUndefinedOr(stat.createdNanos), toDate),
  dev: stat.device,
  ino: Option.some(stat.inode),
  mode: types[stat.kind][1] | stat.mode,
  nlink: Option.some(BigInt(stat.links)),
  uid: Option.some(stat.user),
  gid: Option.some(stat.group),
  rdev: Option.none(),
  size: ByteSize.bytes(stat.bytes),
  blksize: Option.none(),
  blocks: Option.none()
})
