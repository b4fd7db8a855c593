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

interface WalkOptions {
  /** Follows the last component when it is a link. */
  readonly follows: boolean
  /** Does not look at what the last component is. */
  readonly leaves?: boolean
  /** A file is to be made there, which no path with a slash at its end can name. */
  readonly creates?: boolean
}

const walk = (from: LookupFrom, path: string, options: WalkOptions): Place | Errno => {
  if (path === "") return "notFound"
  return utf8Bytes(path) > pathBytesMax ? "nameTooLong" : new Walk(from, options).run(path)
}

export const lookup = (from: LookupFrom, path: string, follows: boolean): Place | Errno =>
  walk(from, path, { follows })

/** The same, where a file is to be made unless there is one. */
export const lookupToCreate = (from: LookupFrom, path: string, follows: boolean): Place | Errno =>
  walk(from, path, { follows, creates: true })

/** The same, without a look at what the last name leads to. */
export const lookupParent = (from: LookupFrom, path: string): Place | Errno =>
  walk(from, path, { follows: false, leaves: true })

/** The place that `lookupParent` found, with what is there. */
export const complete = (place: Place): Place | Errno => {
  if (place.last !== "name") return place
  if (utf8Bytes(place.name) > nameBytesMax) return "nameTooLong"
  return { ...place, inode: place.parent.entries.get(place.name) }
}

class Walk {
  private readonly from: LookupFrom
  private readonly options: WalkOptions
  /** What is still to be walked, the next name last. */
  private readonly names: Array<string> = []
  private directory: DirectoryInode
  private links = 0
  private isFolderPath = false

  constructor(from: LookupFrom, options: WalkOptions) {
    this.from = from
    this.options = options
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
    if (found.kind !== "directory") return "notADirectory"
    this.directory = found
    return undefined
  }

  private follow(target: string, isLast: boolean): Errno | undefined {
    if (++this.links > linksMax) return "symlinkLoop"
    this.enter(target, isLast)
    return undefined
  }

  private get maySearch(): boolean {
    return permits(this.directory, this.from.process, Access.execute)
  }

  private find(name: string): Inode | Errno | undefined {
    const { directory } = this
    if (!this.maySearch) return "permissionDenied"
    if (utf8Bytes(name) > nameBytesMax) return "nameTooLong"
    if (name === ".") return directory
    return name === ".." ? directory.parent : directory.entries.get(name)
  }

  private finish(name: string | undefined): Place | Errno {
    const { directory } = this
    if (name === undefined) return this.place(directory, "", "root", directory)
    if (name !== "." && name !== "..") {
      if (this.options.creates === true && this.isFolderPath) return "isADirectory"
      if (this.options.leaves === true) {
        return this.maySearch ? this.place(directory, name, "name", undefined) : "permissionDenied"
      }
    }
    const found = this.find(name)
    if (typeof found === "string") return found
    if (name === ".") return this.place(directory, name, "dot", found)
    if (name === "..") return this.place(directory, name, "dotDot", found)
    if (found?.kind === "symlink" && (this.options.follows || this.isFolderPath)) {
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
