/**
 * What programs do with names: link, unlink, rename and the rest of them, with the errors of Linux
 * in its order. Each is one step, and one change in the log.
 */
import type { Errno } from "../kernel/Errno.ts"
import { linked, made, moved, removed } from "./Change.ts"
import type { Disk } from "./Disk.ts"
import { Access, type DirectoryInode, type Inode, permits, type SocketInode } from "./Inode.ts"
import { complete, find, lookupParent, pathBytesMax, type Place } from "./Lookup.ts"
import { entryBytes, inodeBytes } from "./Space.ts"
import { utf8Bytes } from "./Utf8Length.ts"

/** What a process may not set when it creates. */
const umask = 0o022

const mayChange = (disk: Disk, directory: DirectoryInode): boolean =>
  permits(directory, disk.process, Access.write | Access.execute)

/** Why no name can be made at `place`. */
export const refusesName = (disk: Disk, { parent }: Place, inodes: number): Errno | undefined => {
  // A directory that was removed takes no names any more.
  if (parent.links === 0) return "notFound"
  if (!mayChange(disk, parent)) return "permissionDenied"
  return disk.space.refuses(entryBytes + inodes * inodeBytes, inodes)
}

/** Where a path ends. Unlike elsewhere, a slash at its end does not follow a link. */
const named = (disk: Disk, path: string): Place | Errno => {
  const place = lookupParent(disk, path)
  return typeof place === "string" ? place : complete(place)
}

/** Where a path ends that something is to be created at. */
const vacancy = (disk: Disk, path: string, isFolder: boolean): Place | Errno => {
  const place = named(disk, path)
  if (typeof place === "string") return place
  if (place.inode !== undefined || place.last !== "name") return "alreadyExists"
  return place.isFolderPath && !isFolder ? "notFound" : place
}

/** Puts the name there, in memory. */
const enter = (disk: Disk, directory: DirectoryInode, name: string, inode: Inode): void => {
  const { entries } = directory
  if (!entries.has(name)) disk.space.entries++
  // A name that is given anew comes last, as a new one does.
  entries.delete(name)
  entries.set(name, inode)
  directory.modified = directory.changed = inode.changed = disk.now
  disk.watches.named(directory, name, inode)
  if (inode.kind !== "directory") inode.links++
  else {
    inode.parent = directory
    inode.name = name
    directory.links++
  }
}

const leave = (disk: Disk, directory: DirectoryInode, name: string, inode: Inode): void => {
  directory.entries.delete(name)
  disk.space.entries--
  directory.modified = directory.changed = inode.changed = disk.now
  disk.watches.named(directory, name, inode)
  if (inode.kind === "directory") directory.links--
  else inode.links--
}

/** A new file at a place that is free. */
export const createFile = (disk: Disk, { name, parent }: Place, mode: number) => {
  const inode = disk.newFile(mode & 0o7777 & ~umask)
  enter(disk, parent, name, inode)
  disk.log.addNames(made(parent, name, inode))
  return inode
}

export const createDirectory = (disk: Disk, path: string, mode: number): Errno | undefined => {
  const place = vacancy(disk, path, true)
  if (typeof place === "string") return place
  const refusal = refusesName(disk, place, 1)
  if (refusal !== undefined) return refusal
  const inode = disk.newDirectory(mode & 0o1777 & ~umask)
  inode.links = 2
  enter(disk, place.parent, place.name, inode)
  disk.log.addNames(made(place.parent, place.name, inode))
  return undefined
}

export const symlink = (disk: Disk, target: string, path: string): Errno | undefined => {
  if (target === "") return "notFound"
  if (utf8Bytes(target) > pathBytesMax) return "nameTooLong"
  const place = vacancy(disk, path, false)
  if (typeof place === "string") return place
  const refusal = refusesName(disk, place, 1)
  if (refusal !== undefined) return refusal
  const inode = disk.newSymlink(target)
  enter(disk, place.parent, place.name, inode)
  disk.log.addNames(made(place.parent, place.name, inode))
  return undefined
}

/** As bind(2) makes it. The permission bits are the caller's own: no umask. */
export const createSocket = (disk: Disk, path: string, mode: number): SocketInode | Errno => {
  const place = vacancy(disk, path, false)
  if (typeof place === "string") return place
  const refusal = refusesName(disk, place, 1)
  if (refusal !== undefined) return refusal
  const inode = disk.newSocket(mode)
  enter(disk, place.parent, place.name, inode)
  disk.log.addNames(made(place.parent, place.name, inode))
  return inode
}

export const link = (disk: Disk, existing: string, path: string): Errno | undefined => {
  const inode = find(disk, existing, false)
  if (typeof inode === "string") return inode
  const place = vacancy(disk, path, false)
  if (typeof place === "string") return place
  const refusal = refusesName(disk, place, 0)
  if (refusal !== undefined) return refusal
  if (inode.kind === "directory") return "notPermitted"
  enter(disk, place.parent, place.name, inode)
  disk.log.addNames(linked(place.parent, place.name, inode))
  return undefined
}

const remove = (disk: Disk, { name, parent }: Place, inode: Inode): undefined => {
  leave(disk, parent, name, inode)
  if (inode.kind === "directory") inode.links = 0
  disk.log.addNames(removed(parent, name, inode))
  disk.freeIfUnused(inode)
}

export const unlink = (disk: Disk, path: string): Errno | undefined => {
  const place = named(disk, path)
  if (typeof place === "string") return place
  const { inode } = place
  if (place.last !== "name") return "isADirectory"
  if (inode === undefined) return "notFound"
  if (place.isFolderPath) return inode.kind === "directory" ? "isADirectory" : "notADirectory"
  if (!mayChange(disk, place.parent)) return "permissionDenied"
  if (inode.kind === "directory") return "isADirectory"
  return remove(disk, place, inode)
}

export const removeDirectory = (disk: Disk, path: string): Errno | undefined => {
  const place = named(disk, path)
  if (typeof place === "string") return place
  const { inode, last } = place
  if (last !== "name") {
    return last === "dot" ? "invalidArgument" : last === "dotDot" ? "notEmpty" : "busy"
  }
  if (inode === undefined) return "notFound"
  if (!mayChange(disk, place.parent)) return "permissionDenied"
  if (inode.kind !== "directory") return "notADirectory"
  return inode.entries.size > 0 ? "notEmpty" : remove(disk, place, inode)
}

const isInside = (directory: DirectoryInode, inode: Inode): boolean => {
  for (let at = directory; ; at = at.parent) {
    if (at === inode) return true
    if (at.parent === at) return false
  }
}

/** Why `inode` cannot go where `to` is. */
const refusesRename = (disk: Disk, from: Place, to: Place, inode: Inode): Errno | undefined => {
  const target = to.inode
  const isFolder = inode.kind === "directory"
  if (!isFolder && (from.isFolderPath || to.isFolderPath)) return "notADirectory"
  if (isInside(to.parent, inode)) return "invalidArgument"
  if (target !== undefined && isInside(from.parent, target)) return "notEmpty"
  if (target === inode) return undefined
  if (!mayChange(disk, from.parent) || !mayChange(disk, to.parent)) return "permissionDenied"
  if (target === undefined) {
    return to.parent.links === 0 ? "notFound" : disk.space.refuses(entryBytes, 0)
  }
  if (isFolder && target.kind !== "directory") return "notADirectory"
  if (!isFolder && target.kind === "directory") return "isADirectory"
  return target.kind === "directory" && target.entries.size > 0 ? "notEmpty" : undefined
}

export const rename = (disk: Disk, fromPath: string, toPath: string): Errno | undefined => {
  const fromParent = lookupParent(disk, fromPath)
  if (typeof fromParent === "string") return fromParent
  const toParent = lookupParent(disk, toPath)
  if (typeof toParent === "string") return toParent
  if (fromParent.last !== "name" || toParent.last !== "name") return "busy"
  const from = complete(fromParent)
  if (typeof from === "string") return from
  const { inode } = from
  if (inode === undefined) return "notFound"
  const to = complete(toParent)
  if (typeof to === "string") return to
  const refusal = refusesRename(disk, from, to, inode)
  if (refusal !== undefined) return refusal
  const target = to.inode
  // Two names of one file: rename(2) leaves both.
  if (target === inode) return undefined
  leave(disk, from.parent, from.name, inode)
  if (target !== undefined) {
    leave(disk, to.parent, to.name, target)
    if (target.kind === "directory") target.links = 0
  }
  enter(disk, to.parent, to.name, inode)
  const fromEnd = { directory: from.parent, name: from.name }
  const toEnd = { directory: to.parent, name: to.name }
  if (target !== undefined && disk.profile === "ext4") disk.log.writeBack(inode)
  disk.log.addNames(moved(inode, fromEnd, toEnd, target))
  if (target !== undefined) disk.freeIfUnused(target)
  return undefined
}

export const readLink = (disk: Disk, path: string): { readonly path: string } | Errno => {
  const inode = find(disk, path, false)
  if (typeof inode === "string") return inode
  return inode.kind === "symlink" ? { path: inode.target } : "invalidArgument"
}

export const setMode = (disk: Disk, path: string, mode: number): Errno | undefined => {
  const inode = find(disk, path)
  if (typeof inode === "string") return inode
  const { user } = disk.process
  if (user !== 0 && user !== inode.user) return "notPermitted"
  inode.mode = mode & 0o7777
  inode.changed = disk.now
  disk.watches.changed(inode)
  disk.log.add({ kind: "mode", inode, mode: inode.mode })
  return undefined
}
