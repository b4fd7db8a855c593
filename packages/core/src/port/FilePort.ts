/**
 * What a backend provides for files: requests that complete, each with one call of `done`.
 *
 * Core bounds how many requests are under way at once and in which order they go, so a port keeps
 * no queue and hands each to its host at once. A request that has begun cannot be taken back: core
 * drops what an interrupted one gives, and closes what a late `open` gives.
 *
 * `done` is called exactly once, in a LATER callback, inside `turn.enter()` and `turn.leave()`;
 * never within the call that asked. Paths are as users wrote them: not empty, without NUL. Lengths
 * and positions are bytes, safe integers >= 0.
 */
import type { PortFailure } from "./PortFailure.ts"

export type FileDone<A> = (result: A | PortFailure) => void

export interface FileOpenRequest {
  readonly path: string
  readonly access: "read" | "write" | "readWrite"
  /** Each write goes to the end (O_APPEND), whatever its position. */
  readonly append: boolean
  /** `ifMissing` is O_CREAT; `exclusive` fails with `AlreadyExists` when it is there (O_EXCL). */
  readonly create: "never" | "ifMissing" | "exclusive"
  /** Cut to nothing (O_TRUNC). */
  readonly truncate: boolean
  /** Fail with `SymlinkLoop` when the last component is a symbolic link (O_NOFOLLOW). */
  readonly noFollow: boolean
  /** Permission bits of a file that is created, before the umask. */
  readonly mode: number
}

export type PortFileKind =
  | "file"
  | "directory"
  | "symlink"
  | "fifo"
  | "socket"
  | "characterDevice"
  | "blockDevice"
  | "unknown"

/** `stat(2)`. Times are nanoseconds since 1970. */
export interface PortFileStat {
  readonly kind: PortFileKind
  readonly bytes: bigint
  /** Permission bits, 0–0o7777. */
  readonly mode: number
  readonly links: number
  readonly user: number
  readonly group: number
  readonly device: bigint
  readonly inode: bigint
  readonly accessedNanos: bigint
  readonly modifiedNanos: bigint
  readonly changedNanos: bigint
  /** Undefined where the file system keeps none. */
  readonly createdNanos: bigint | undefined
}

export interface PortDirectoryEntry {
  readonly name: string
  /** `unknown` where the directory does not say. */
  readonly kind: PortFileKind
}

/** An open file. Core asks for nothing after `close`, and closes when nothing is under way. */
export interface PortFile {
  /**
   * Fills the buffers in order from `position`, or from the shared cursor, which moves, when it is
   * undefined. How many bytes were read; fewer than fit at the end of the file, 0 beyond it.
   */
  read(
    buffers: ReadonlyArray<Uint8Array>,
    position: number | undefined,
    done: FileDone<number>
  ): void
  /**
   * As `read` of one buffer (1 byte or more), at once: what memory has of it. Undefined where it
   * has nothing, or the host cannot tell; fewer bytes than fit also where it has no more. Never
   * waits for a device, throws nothing. Left out where the host has no such call.
   */
  readCached?(buffer: Uint8Array, position: number | undefined): number | undefined
  /** How many bytes were written, from the first buffer on: at least 1, perhaps not all. */
  write(
    buffers: ReadonlyArray<Uint8Array>,
    position: number | undefined,
    done: FileDone<number>
  ): void
  /** `fsync(2)`, of directories too; `dataOnly` is `fdatasync(2)`. */
  sync(dataOnly: boolean, done: FileDone<void>): void
  /** `ftruncate(2)`: cuts, or extends with zeroes. */
  truncate(bytes: number, done: FileDone<void>): void
  /**
   * `fallocate(2)`: the range takes space from now on, and the file reaches to its end at least.
   * Bytes that were there stay, new ones are zeroes. There with the capability `fileAllocate`.
   */
  allocate?(position: number, bytes: number, done: FileDone<void>): void
  stat(done: FileDone<PortFileStat>): void
  setTimes(accessedNanos: bigint, modifiedNanos: bigint, done: FileDone<void>): void
  /** The descriptor is free, whatever the result. */
  close(done: FileDone<void>): void
}

/** An open directory, which is read once from its start. */
export interface PortDirectory {
  /**
   * Up to `entriesMax` (>= 1) entries, without `.` and `..`, in the order of the file system; none
   * is the end.
   */
  read(entriesMax: number, done: FileDone<ReadonlyArray<PortDirectoryEntry>>): void
  close(done: FileDone<void>): void
}

/** A name that this process has claimed. */
export interface PortLock {
  release(done: FileDone<void>): void
}

export interface FilePort {
  /**
   * Requests that the host is given at once, >= 1. A host that runs them on threads gets a few for
   * each: one that is idle has to be woken, which costs more than a read.
   */
  readonly operationsMax: number
  /**
   * And such as may hold a thread for long, or for ever: to open (a pipe), to read or write without
   * a position, to sync, to copy. Fewer than there are threads. Left out: as many as others.
   */
  readonly longOperationsMax?: number | undefined
  /** Where temporary files go by default: an absolute path. */
  readonly temporaryDirectory: string
  /** Opens directories as well, for reading, so that they can be synced. */
  open(request: FileOpenRequest, done: FileDone<PortFile>): void
  /**
   * All of a plain file that has 1 to `bytesMax` bytes, in memory of its own; `FileTooLarge` when
   * it has more. Undefined where it takes more than that: core then opens it and reads to its end.
   * Opens no pipe, for which it would have to wait. Left out, core does it all.
   */
  readWhole?(path: string, bytesMax: number, done: FileDone<Uint8Array | undefined>): void
  openDirectory(path: string, done: FileDone<PortDirectory>): void
  /**
   * All entries of a directory at once, as `PortDirectory.read` gives them, in memory of core's.
   * Undefined where it may have more than some thousands, or for another reason takes more than
   * this: core then opens it. Left out, core always does.
   */
  list?(path: string, done: FileDone<ReadonlyArray<PortDirectoryEntry> | undefined>): void
  stat(path: string, followsLinks: boolean, done: FileDone<PortFileStat>): void
  /** `rename(2)`: replaces a file that is there, atomically. Into itself is `InvalidArgument`. */
  rename(from: string, to: string, done: FileDone<void>): void
  link(existing: string, path: string, done: FileDone<void>): void
  symlink(target: string, path: string, done: FileDone<void>): void
  /** What is no link is `InvalidArgument`. */
  readLink(path: string, done: FileDone<string>): void
  realPath(path: string, done: FileDone<string>): void
  /** Removes a file or a symbolic link; a directory is `IsADirectory`. */
  unlink(path: string, done: FileDone<void>): void
  createDirectory(path: string, mode: number, done: FileDone<void>): void
  /** Removes an empty directory; one that is not is `NotEmpty`. */
  removeDirectory(path: string, done: FileDone<void>): void
  setMode(path: string, mode: number, done: FileDone<void>): void
  /**
   * Claims a name (of letters, digits, `-`) among the processes of the host until it is released or
   * the process dies: to share it with others who share it, 16 at most, or alone. `Busy` when it is
   * claimed otherwise, by this process as well. There with the capability `fileLock`; `isShared`
   * with `fileLockShared`.
   */
  lock?(name: string, isShared: boolean, done: FileDone<PortLock>): void
  /** Copies content and permission bits; by reflink where the file system can. */
  copy(from: string, to: string, isExclusive: boolean, done: FileDone<void>): void
}
