/**
 * Files and directories by path.
 *
 * What the host is asked for runs on threads that it shares with lookups of names. So few requests
 * are with it at once, 10,000 more wait in line (first in, first out), and beyond that a call fails
 * with `ResourceExhausted`. Interrupted in line, a request never runs. Interrupted later, a call on
 * a path returns at once and goes on in the host, where it counts until it has ended; what it
 * opened is closed. What it did may have been done.
 *
 * Paths are taken as the host takes them: relative ones from the directory of the process. One that
 * is empty or has a NUL is `InvalidArgument`. Everything fails with `IoError`, with the path in it:
 * `NotFound`, `NotADirectory` (something on the way), `PermissionDenied`, `SymlinkLoop`,
 * `NameTooLong`, `DeviceError`, `ResourceExhausted`, and with `Closed` once the backend has shut
 * down; capability `files`.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { DirectoryEntry, WalkEntry } from "./DirectoryEntry.ts"
import type { File } from "./File.ts"
import type {
  CopyOptions,
  CreateDirectoryOptions,
  OpenOptions,
  ReadFileOptions,
  ReplaceOptions,
  SendOptions,
  TemporaryOptions,
  WalkOptions,
  WriteFileOptions
} from "./FileOptions.ts"
import type { FileStat } from "./FileStat.ts"
import type { FilesService } from "./FilesService.ts"
import type { IoError } from "./IoError.ts"
import { Site } from "./Site.ts"
import type { TcpStream } from "./TcpStream.ts"

export class Files extends Context.Service<Files, FilesService>()("@portico/core/Files") {}

/**
 * Opens a file until the scope ends. Directories are opened, too, to be synced; reading one is
 * `IsADirectory`. Fails with `AlreadyExists` (`exclusive`), with `IsADirectory` when it is one and
 * is to be written, with `SymlinkLoop` (`noFollow`), `NoSpace`, and `ResourceExhausted` when the
 * process may open no more. Interrupted, it returns at once; a descriptor that comes late is given
 * back, and a file that was to be made may be there.
 */
export const open = (
  path: string,
  options?: OpenOptions
): Effect.Effect<File, IoError, Scope.Scope | Files> => {
  const site = new Site()
  return Files.use((files) => files.open(path, options, site))
}

/** What a path leads to. */
export const stat = (path: string): Effect.Effect<FileStat, IoError, Files> =>
  Files.use((files) => files.stat(path))

/** What stands at a path itself: a symbolic link is not followed. */
export const linkStat = (path: string): Effect.Effect<FileStat, IoError, Files> =>
  Files.use((files) => files.linkStat(path))

/**
 * Moves a file or directory: atomically, so that whoever looks at `to` sees the old one or the new
 * one. A file that is there is replaced, and so is an empty directory by a directory; fails with
 * `CrossDevice`, `NotEmpty`, `IsADirectory`, `InvalidArgument` (into itself).
 */
export const rename = (from: string, to: string): Effect.Effect<void, IoError, Files> =>
  Files.use((files) => files.rename(from, to))

/** Gives a file another name. Fails with `AlreadyExists`, `CrossDevice`. */
export const link = (existing: string, path: string): Effect.Effect<void, IoError, Files> =>
  Files.use((files) => files.link(existing, path))

/** Makes a symbolic link at `path` that says `target`, which need not exist. */
export const symlink = (target: string, path: string): Effect.Effect<void, IoError, Files> =>
  Files.use((files) => files.symlink(target, path))

/** What a symbolic link says. Fails with `InvalidArgument` for what is none (EINVAL). */
export const readLink = (path: string): Effect.Effect<string, IoError, Files> =>
  Files.use((files) => files.readLink(path))

/** The absolute path without symbolic links, `.` and `..`. */
export const realPath = (path: string): Effect.Effect<string, IoError, Files> =>
  Files.use((files) => files.realPath(path))

/** Sets the permission bits, 0–0o7777, of what the path leads to. */
export const setMode = (path: string, mode: number): Effect.Effect<void, IoError, Files> =>
  Files.use((files) => files.setMode(path, mode))

/**
 * Copies a file's content and permission bits, as a reflink where the file system can. Replaces the
 * content of a target that is there. Failed or interrupted, the target may hold a part.
 */
export const copy = (
  from: string,
  to: string,
  options?: CopyOptions
): Effect.Effect<void, IoError, Files> => Files.use((files) => files.copy(from, to, options))

/** Removes a file or a symbolic link. Fails with `IsADirectory` for a directory. */
export const remove = (path: string): Effect.Effect<void, IoError, Files> =>
  Files.use((files) => files.remove(path))

/** Makes a directory. Fails with `AlreadyExists` unless `recursive`. */
export const createDirectory = (
  path: string,
  options?: CreateDirectoryOptions
): Effect.Effect<void, IoError, Files> => Files.use((files) => files.createDirectory(path, options))

/** Removes an empty directory. Fails with `NotEmpty`. */
export const removeDirectory = (path: string): Effect.Effect<void, IoError, Files> =>
  Files.use((files) => files.removeDirectory(path))

/**
 * Removes a directory with all that is below, or a file; never what a symbolic link leads to. What
 * vanishes meanwhile below it is no error. Memory grows with the depth of the tree, which the
 * lengths of paths bound (`NameTooLong`), not with its size. Failed or interrupted, a part is gone.
 */
export const removeTree = (path: string): Effect.Effect<void, IoError, Files> =>
  Files.use((files) => files.removeTree(path))

/** Makes durable which names are in the directory: fsync(2). */
export const syncDirectory = (path: string): Effect.Effect<void, IoError, Files> =>
  Files.use((files) => files.syncDirectory(path))

/**
 * What is in a directory, in no order, without `.` and `..`. The directory is open while the stream
 * runs, and closed when it ends or is left.
 */
export const entries = (path: string): Stream.Stream<DirectoryEntry, IoError, Files> => {
  const site = new Site()
  return Stream.unwrap(Files.useSync((files) => files.entries(path, site)))
}

/**
 * What is below a directory: each entry before what is in it. `depthMax` and `followLinks` bound
 * it; a directory that is met again below itself is given and not entered, so that circles end.
 * One that vanished meanwhile is passed over. Of short directories all entries are held, some
 * thousands at most; a long one is open while it is read, as many at once as it is deep.
 */
export const walk = (
  path: string,
  options?: WalkOptions
): Stream.Stream<WalkEntry, IoError, Files> => {
  const site = new Site()
  return Stream.unwrap(Files.useSync((files) => files.walk(path, options, site)))
}

/**
 * All of a file. Fails with `FileTooLarge` when it has more than `bytesMax`; nothing of the rest is
 * kept then.
 */
export const readFile = (
  path: string,
  options: ReadFileOptions
): Effect.Effect<Uint8Array, IoError, Files> => Files.use((files) => files.readFile(path, options))

/**
 * Makes or cuts a file and writes all of the bytes, which are lent until it has ended. Failed or
 * interrupted, the file may hold a part: see `replace`.
 */
export const writeFile = (
  path: string,
  bytes: Uint8Array,
  options?: WriteFileOptions
): Effect.Effect<void, IoError, Files> =>
  Files.use((files) => files.writeFile(path, bytes, options))

/** Writes all of the bytes at the end of a file, which is made if it is missing. */
export const appendFile = (
  path: string,
  bytes: Uint8Array,
  options?: WriteFileOptions
): Effect.Effect<void, IoError, Files> =>
  Files.use((files) => files.appendFile(path, bytes, options))

/**
 * Gives a file new content, atomically: whoever reads it, also after a crash, finds the old content
 * or all of the new. `write` fills a temporary file beside it, in the same directory; that is
 * synced, renamed to `path`, and the directory is synced. (`syncs: false` leaves both syncs out:
 * then a crash may lose content, old and new.)
 *
 * When `write` or anything else fails, or it is interrupted before the renaming is asked for, the
 * old content stays and the temporary file is removed. From then on it is not interrupted. When
 * only the last sync fails, the file has its new content, which a crash may take back. A symbolic
 * link at `path` is replaced, not what it leads to; permissions of the old file are not kept.
 */
export const replace = <A, E, R>(
  path: string,
  write: (file: File) => Effect.Effect<A, E, R>,
  options?: ReplaceOptions
): Effect.Effect<A, E | IoError, R | Files> =>
  Files.use((files) => files.replace(path, write, options))

/**
 * A new, empty file to read and write, for this user alone (0o600), removed with the scope. It is
 * no error when it is gone by then. Once the host was asked to make it, this is not interrupted.
 */
export const temporaryFile = (
  options?: TemporaryOptions
): Effect.Effect<File, IoError, Scope.Scope | Files> => {
  const site = new Site()
  return Files.use((files) => files.temporaryFile(options, site))
}

/** The path of a new directory (0o700), removed with the scope and all that is in it then. */
export const temporaryDirectory = (
  options?: TemporaryOptions
): Effect.Effect<string, IoError, Scope.Scope | Files> =>
  Files.use((files) => files.temporaryDirectory(options))

/**
 * Writes a file to a stream; how many bytes. Of the file, 256 KiB are in memory at once, whatever
 * the peer takes. The file's cursor stays. Fails as `readIntoAt` and the stream's `write` do;
 * interrupted or failed, a part may have been sent.
 */
export const send = (
  file: File,
  stream: Pick<TcpStream, "write">,
  options?: SendOptions
): Effect.Effect<number, IoError, Files> => Files.use((files) => files.send(file, stream, options))
