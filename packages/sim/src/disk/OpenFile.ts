/** An open file description: a file or a directory, what it may be used for, and its cursor. */
import type { FileOpenRequest } from "@portico/core/port/index"
import type { Errno } from "../kernel/Errno.ts"
import { pageBytes } from "./Content.ts"
import { misdirect, rot } from "./damage.ts"
import type { Disk } from "./Disk.ts"
import { Access, type DirectoryInode, type FileInode, permits } from "./Inode.ts"
import { lookup, lookupToCreate, type Place } from "./Lookup.ts"
import { createFile, refusesName } from "./Names.ts"

/** The longest file: 16 TiB, as on ext4. */
export const fileBytesMax = 2 ** 44 - pageBytes

export class OpenFile {
  readonly disk: Disk
  readonly inode: FileInode | DirectoryInode
  private readonly request: FileOpenRequest
  private readonly generation: number
  private cursor = 0
  private isOpen = true

  constructor(disk: Disk, inode: FileInode | DirectoryInode, request: FileOpenRequest) {
    this.disk = disk
    this.inode = inode
    this.request = request
    this.generation = disk.generation
    inode.opens++
    disk.openFiles++
  }

  /** It was opened before the disk lost power. */
  get isStale(): boolean {
    return this.generation !== this.disk.generation
  }

  read(buffers: ReadonlyArray<Uint8Array>, position: number | undefined): number | Errno {
    const { disk, inode } = this
    if (this.isStale) return "deviceError"
    if (this.request.access === "write") return "badDescriptor"
    if (inode.kind === "directory") return "isADirectory"
    if (disk.faults.fails("read")) return "deviceError"
    const from = position ?? this.cursor
    const wanted = buffers.reduce((sum, { length }) => sum + length, 0)
    const there = Math.max(0, Math.min(wanted, inode.content.bytes - from))
    const count = disk.faults.shorten("shortReads", there)
    const { path } = this.request
    rot(disk, inode, path, from, count)
    const at = misdirect(disk, inode, path, from, "misdirectedReads")
    let done = 0
    for (const buffer of buffers) {
      if (done === count) break
      const part = buffer.length > count - done ? buffer.subarray(0, count - done) : buffer
      if (inode.content.read(at + done, part) < part.length) part.fill(0)
      done += part.length
    }
    if (position === undefined) this.cursor += count
    return count
  }

  write(buffers: ReadonlyArray<Uint8Array>, position: number | undefined): number | Errno {
    const { disk, inode } = this
    if (this.isStale) return "deviceError"
    if (this.request.access === "read" || inode.kind === "directory") return "badDescriptor"
    const wanted = buffers.reduce((sum, { length }) => sum + length, 0)
    if (wanted === 0) return 0
    if (disk.faults.fails("write")) return "deviceError"
    const at = this.request.append ? inode.content.bytes : (position ?? this.cursor)
    const taken = this.grant(inode, at, Math.min(wanted, fileBytesMax - at))
    if (typeof taken === "string") return taken
    this.put(inode, at, join(buffers, taken))
    if (position === undefined) this.cursor = at + taken
    return taken
  }

  /** How many of the bytes are taken, or why none of them. */
  private grant(inode: FileInode, at: number, wanted: number): number | Errno {
    if (wanted <= 0) return "fileTooLarge"
    const { faults, space } = this.disk
    const taken = inode.content.fitting(at, faults.shorten("shortWrites", wanted), space.pagesFree)
    return taken > 0 ? taken : (space.refuses(pageBytes, 0) ?? "noSpace")
  }

  private put(inode: FileInode, position: number, bytes: Uint8Array): void {
    const { disk } = this
    this.changing(inode, () => inode.content.write(position, bytes))
    const at = misdirect(disk, inode, this.request.path, position, "misdirectedWrites")
    disk.log.add({ kind: "write", inode, position: at, bytes })
  }

  truncate(bytes: number): Errno | undefined {
    const { disk, inode } = this
    if (this.isStale) return "deviceError"
    if (this.request.access === "read" || inode.kind === "directory") return "invalidArgument"
    if (bytes > fileBytesMax) return "fileTooLarge"
    if (disk.faults.fails("write")) return "deviceError"
    this.resize(inode, bytes)
    return undefined
  }

  allocate(position: number, bytes: number): Errno | undefined {
    const { disk, inode } = this
    if (this.isStale) return "deviceError"
    if (this.request.access === "read" || inode.kind === "directory") return "badDescriptor"
    if (position + bytes > fileBytesMax) return "fileTooLarge"
    if (disk.faults.fails("write")) return "deviceError"
    const { space } = disk
    if (inode.content.fitting(position, bytes, space.pagesFree) < bytes) {
      return space.refuses(bytes, 0) ?? "noSpace"
    }
    this.changing(inode, () => inode.content.allocate(position, bytes))
    disk.log.add({ kind: "allocate", inode, position, bytes })
    return undefined
  }

  private resize(inode: FileInode, bytes: number): void {
    this.changing(inode, () => inode.content.resize(bytes))
    this.disk.log.add({ kind: "resize", inode, bytes })
  }

  /** Cuts to nothing, as opening does when it is asked to. */
  clear(): void {
    if (this.inode.kind === "file") this.resize(this.inode, 0)
  }

  private changing(inode: FileInode, change: () => void): void {
    const { disk } = this
    const before = inode.content.pageCount
    change()
    disk.space.pages += inode.content.pageCount - before
    inode.modified = inode.changed = disk.now
    disk.watches.changed(inode)
  }

  /** `fsync(2)`, and `fdatasync(2)`. Of a directory, it is the names in it that become durable. */
  sync(dataOnly: boolean): Errno | undefined {
    const { disk, inode } = this
    if (this.isStale) return "deviceError"
    if (disk.faults.fails("sync")) {
      // The kernel marks what it could not write as clean, and tells so once.
      disk.log.forget(inode)
      return "deviceError"
    }
    disk.log.sync(inode, dataOnly)
    if (inode.kind === "directory") disk.log.syncDirectory(inode)
    return undefined
  }

  /** `fchmod(2)`, by who may write the file. */
  setMode(mode: number): void {
    const { disk, inode } = this
    inode.mode = mode
    inode.changed = disk.now
    disk.watches.changed(inode)
    disk.log.add({ kind: "mode", inode, mode })
  }

  setTimes(accessed: bigint, modified: bigint): Errno | undefined {
    const { disk, inode } = this
    if (this.isStale) return "deviceError"
    const { user } = disk.process
    if (user !== 0 && user !== inode.user) return "notPermitted"
    inode.accessed = accessed
    inode.modified = modified
    inode.changed = disk.now
    disk.watches.changed(inode)
    return undefined
  }

  /** Idempotent. */
  close(): void {
    if (!this.isOpen) return
    this.isOpen = false
    if (this.isStale) return
    const { disk, inode, request } = this
    if (request.truncate && disk.profile === "ext4") disk.log.writeBack(inode)
    inode.opens--
    disk.openFiles--
    disk.freeIfUnused(inode)
  }
}

const join = (buffers: ReadonlyArray<Uint8Array>, bytes: number): Uint8Array => {
  const joined = new Uint8Array(bytes)
  let done = 0
  for (const buffer of buffers) {
    const part = buffer.length > bytes - done ? buffer.subarray(0, bytes - done) : buffer
    joined.set(part, done)
    done += part.length
    if (done === bytes) break
  }
  return joined
}

export const openFile = (disk: Disk, request: FileOpenRequest): OpenFile | Errno => {
  if (disk.openFiles >= disk.space.limits.openFilesMax) return "hostDescriptorsUsedUp"
  const isExclusive = request.create === "exclusive"
  const follows = !request.noFollow && !isExclusive
  const look = request.create === "never" ? lookup : lookupToCreate
  const place = look(disk, request.path, follows)
  if (typeof place === "string") return place
  if (request.create !== "never") {
    if (place.inode === undefined) return create(disk, place, request)
    if (isExclusive) return "alreadyExists"
    if (place.inode.kind === "directory") return "isADirectory"
  }
  return openExisting(disk, place, request)
}

const create = (disk: Disk, place: Place, request: FileOpenRequest): OpenFile | Errno => {
  const refusal = refusesName(disk, place, 1)
  if (refusal !== undefined) return refusal
  return new OpenFile(disk, createFile(disk, place, request.mode), request)
}

const openExisting = (disk: Disk, place: Place, request: FileOpenRequest): OpenFile | Errno => {
  const { inode } = place
  if (inode === undefined) return "notFound"
  if (inode.kind === "symlink") return "symlinkLoop"
  if (inode.kind === "socket") return "noSuchDevice"
  if (place.isFolderPath && inode.kind !== "directory") return "notADirectory"
  const writes = request.access !== "read" || request.truncate
  if (writes && inode.kind === "directory") return "isADirectory"
  const wanted = (request.access === "write" ? 0 : Access.read) | (writes ? Access.write : 0)
  if (!permits(inode, disk.process, wanted)) return "permissionDenied"
  const file = new OpenFile(disk, inode, request)
  if (request.truncate) file.clear()
  return file
}
