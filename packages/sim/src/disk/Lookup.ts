/**
 * From a path to what it names: path_resolution(7), on Linux.
 */
import type { Errno } from "../kernel/Errno.ts"
import { utf8Bytes } from "./Utf8Length.ts"
import { Access, type DirectoryInode, type Inode, type Ownership, permits } from "./Inode.ts"

/** PATH_MAX, without the NUL. */
export const pathBytesMax = 4095
export const nameBytesMax = 255
/** Symbolic links that one path may lead through. */
const linksMax = 40

/** Where a path ends: the last name, and what is there, if anything is. */
export interface Place {
  readonly parent: DirectoryInode
  readonly name: string
  /** What the last component is: a name, `.`, `..`, or nothing but the root. */
  readonly last: "name" | "dot" | "dotDot" | "root"
  readonly inode: Inode | undefined
  /** The path ended in a slash: only a directory will do. */
  readonly isFolderPath: boolean
}

export interface LookupFrom {
  readonly root: DirectoryInode
  readonly workingDirectory: DirectoryInode
  readonly process: Ownership
}

export const lookup = (from: LookupFrom, path: string, followsLast: boolean): Place | Errno => {
  if (path === "") return "notFound"
  if (utf8Bytes(path) > pathBytesMax) return "nameTooLong"
  return new Walk(from, followsLast).run(path)
}

class Walk {
  private readonly from: LookupFrom
  private readonly followsLast: boolean
  /** What is still to be walked, the next name last. */
  private readonly names: Array<string> = []
  private directory: DirectoryInode
  private links = 0
  private isFolderPath = false

  constructor(from: LookupFrom, followsLast: boolean) {
    this.from = from
    this.followsLast = followsLast
    this.directory = from.workingDirectory
  }

  run(path: string): Place | Errno {
    this.enter(path, true)
    while (this.names.length > 1) {
      const refusal = this.step(this.names.pop()!)
      if (refusal !== undefined) return refusal
    }
    return this.finish(this.names.pop())
  }

  /** Goes on with `path`, from the root when it begins there. */
  private enter(path: string, isLast: boolean): void {
    if (path.startsWith("/")) this.directory = this.from.root
    const names = path.split("/").filter((name) => name !== "")
    if (isLast && names.length > 0 && path.endsWith("/")) this.isFolderPath = true
    for (let index = names.length - 1; index >= 0; index--) this.names.push(names[index]!)
  }

  /** Through a directory that is not the last component. */
  private step(name: string): Errno | undefined {
    const found = this.find(name)
    if (typeof found === "string") return found
    if (found === undefined) return "notFound"
    if (found.kind === "symlink") return this.follow(found.target, false)
    if (found.kind === "file") return "notADirectory"
    this.directory = found
    return undefined
  }

  private follow(target: string, isLast: boolean): Errno | undefined {
    if (++this.links > linksMax) return "symlinkLoop"
    this.enter(target, isLast)
    return undefined
  }

  private find(name: string): Inode | Errno | undefined {
    const { directory } = this
    if (!permits(directory, this.from.process, Access.execute)) return "permissionDenied"
    if (utf8Bytes(name) > nameBytesMax) return "nameTooLong"
    if (name === ".") return directory
    return name === ".." ? directory.parent : directory.entries.get(name)
  }

  private finish(name: string | undefined): Place | Errno {
    const { directory } = this
    if (name === undefined) return this.place(directory, "", "root", directory)
    const found = this.find(name)
    if (typeof found === "string") return found
    if (name === ".") return this.place(directory, name, "dot", found)
    if (name === "..") return this.place(directory, name, "dotDot", found)
    if (found?.kind === "symlink" && (this.followsLast || this.isFolderPath)) {
      const refusal = this.follow(found.target, true)
      if (refusal !== undefined) return refusal
      while (this.names.length > 1) {
        const failed = this.step(this.names.pop()!)
        if (failed !== undefined) return failed
      }
      return this.finish(this.names.pop())
    }
    return this.place(directory, name, "name", found)
  }

  private place(
    parent: DirectoryInode,
    name: string,
    last: Place["last"],
    inode: Inode | undefined
  ): Place {
    return { parent, name, last, inode, isFolderPath: this.isFolderPath }
  }
}

/** What `path` leads to, links followed. */
export const find = (from: LookupFrom, path: string, followsLast = true): Inode | Errno => {
  const place = lookup(from, path, followsLast)
  if (typeof place === "string") return place
  if (place.inode === undefined) return "notFound"
  return place.isFolderPath && place.inode.kind !== "directory" ? "notADirectory" : place.inode
}

/** The path of a directory, without links; "" is that of the root. */
export const pathOf = (directory: DirectoryInode): string => {
  let path = ""
  for (let at = directory; at.parent !== at; at = at.parent) path = `/${at.name}${path}`
  return path
}

export const realPath = (from: LookupFrom, path: string): { readonly path: string } | Errno => {
  const place = lookup(from, path, true)
  if (typeof place === "string") return place
  const { inode, name, parent } = place
  if (inode === undefined) return "notFound"
  if (inode.kind === "directory") return { path: pathOf(inode) || "/" }
  return place.isFolderPath ? "notADirectory" : { path: `${pathOf(parent)}/${name}` }
}
