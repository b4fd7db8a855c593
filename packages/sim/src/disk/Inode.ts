/**
 * What a disk holds: files, directories and symbolic links, each twice. What programs see is in
 * memory; what a loss of power leaves is `durable`.
 */
import { Content } from "./Content.ts"

/**
 * A time: virtual nanoseconds of the host's wall clock as a number, or, as somebody set it, exact
 * nanoseconds since 1970.
 */
export type Instant = number | bigint

export interface Ownership {
  readonly user: number
  readonly group: number
}

/** Permission bits, of the owner's group of three. */
export const Access = { execute: 1, write: 2, read: 4 } as const

export abstract class InodeBase implements Ownership {
  /** From 1, in order of creation; never used again. */
  readonly number: number
  readonly user: number
  readonly group: number
  /** Permission bits, 0–0o7777. */
  mode: number
  durableMode: number
  /** Names that lead here. Of a directory: also its own `.`, and `..` of those in it. */
  links = 0
  /** Descriptors on it. */
  opens = 0
  accessed: Instant
  modified: Instant
  changed: Instant
  readonly created: Instant

  constructor(number: number, mode: number, owner: Ownership, now: Instant) {
    this.number = number
    this.mode = this.durableMode = mode
    this.user = owner.user
    this.group = owner.group
    this.accessed = this.modified = this.changed = this.created = now
  }
}

export class FileInode extends InodeBase {
  readonly kind = "file"
  content = new Content()
  durable = new Content()
}

export class DirectoryInode extends InodeBase {
  readonly kind = "directory"
  readonly entries = new Map<string, Inode>()
  readonly durable = new Map<string, Inode>()
  /** Where it is. Of the root: itself, and no name. */
  parent: DirectoryInode = this
  name = ""
}

export class SymlinkInode extends InodeBase {
  readonly kind = "symlink"
  readonly target: string

  constructor(number: number, target: string, owner: Ownership, now: Instant) {
    super(number, 0o777, owner, now)
    this.target = target
  }
}

/** The file of a Unix socket: a name, and nothing in it. */
export class SocketInode extends InodeBase {
  readonly kind = "socket"
}

export type Inode = FileInode | DirectoryInode | SymlinkInode | SocketInode

/** Whether a process of that owner has all of the access bits. The superuser's has. */
export const permits = (inode: Inode, owner: Ownership, access: number): boolean => {
  if (owner.user === 0) return true
  const shift = inode.user === owner.user ? 6 : inode.group === owner.group ? 3 : 0
  return ((inode.mode >> shift) & access) === access
}
