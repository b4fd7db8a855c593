/** Calls on paths, their arguments checked: one request each. */
import * as Effect from "effect/Effect"
import type { CopyOptions, CreateDirectoryOptions } from "../../FileOptions.ts"
import type { FileStat } from "../../FileStat.ts"
import { type IoError, isIoError } from "../../IoError.ts"
import type { FileDone, FilePort, PortDirectoryEntry } from "../../port/FilePort.ts"
import { checkMode, checkPath } from "./FileArguments.ts"
import type { FileHost } from "./FileHost.ts"
import { pathCall } from "./PathCall.ts"
import { parentOf } from "./PathText.ts"

type Ask<A> = (port: FilePort, done: FileDone<A>) => void

const same = <A>(value: A): A => value

/** A call whose result is the caller's as it is. */
export const plain = <A>(
  host: FileHost,
  operation: string,
  path: string,
  ask: Ask<A>
): Effect.Effect<A, IoError> =>
  checkPath(operation, "path", path) ?? pathCall(host, { operation, path, ask, adopt: same })

/** The same for what a scope gives back: it goes first, however many wait, and is waited for. */
export const releasing = (
  host: FileHost,
  operation: string,
  path: string,
  ask: Ask<void>
): Effect.Effect<void, IoError> =>
  pathCall(host, { operation, path, ask, adopt: same, isRelease: true })

const between = (
  host: FileHost,
  operation: string,
  from: readonly [argument: string, path: string],
  to: readonly [argument: string, path: string],
  ask: Ask<void>,
  isLong = false
): Effect.Effect<void, IoError> =>
  checkPath(operation, from[0], from[1]) ??
  checkPath(operation, to[0], to[1]) ??
  pathCall(host, { operation, path: from[1], ask, adopt: same, isLong })

export const stat = (host: FileHost, path: string): Effect.Effect<FileStat, IoError> =>
  plain(host, "Files.stat", path, (port, done) => port.stat(path, true, done))

export const linkStat = (host: FileHost, path: string): Effect.Effect<FileStat, IoError> =>
  plain(host, "Files.linkStat", path, (port, done) => port.stat(path, false, done))

/** All that is in a directory; undefined when it is to be opened for that. */
export const list = (
  host: FileHost,
  operation: string,
  path: string
): Effect.Effect<ReadonlyArray<PortDirectoryEntry> | undefined, IoError> =>
  host.port.list === undefined
    ? Effect.undefined
    : plain(host, operation, path, (port, done) => port.list!(path, done))

export const rename = (host: FileHost, from: string, to: string): Effect.Effect<void, IoError> =>
  between(host, "Files.rename", ["from", from], ["to", to], (port, done) =>
    port.rename(from, to, done)
  )

export const link = (
  host: FileHost,
  existing: string,
  path: string
): Effect.Effect<void, IoError> =>
  between(host, "Files.link", ["existing", existing], ["path", path], (port, done) =>
    port.link(existing, path, done)
  )

export const symlink = (
  host: FileHost,
  target: string,
  path: string
): Effect.Effect<void, IoError> =>
  checkPath("Files.symlink", "target", target) ??
  plain(host, "Files.symlink", path, (port, done) => port.symlink(target, path, done))

export const copy = (
  host: FileHost,
  from: string,
  to: string,
  options: CopyOptions = {}
): Effect.Effect<void, IoError> =>
  between(
    host,
    "Files.copy",
    ["from", from],
    ["to", to],
    (port, done) => port.copy(from, to, options.exclusive ?? false, done),
    true
  )

export const readLink = (host: FileHost, path: string): Effect.Effect<string, IoError> =>
  plain(host, "Files.readLink", path, (port, done) => port.readLink(path, done))

export const realPath = (host: FileHost, path: string): Effect.Effect<string, IoError> =>
  plain(host, "Files.realPath", path, (port, done) => port.realPath(path, done))

export const setMode = (host: FileHost, path: string, mode: number): Effect.Effect<void, IoError> =>
  checkMode("Files.setMode", mode) ??
  plain(host, "Files.setMode", path, (port, done) => port.setMode(path, mode, done))

export const remove = (host: FileHost, path: string): Effect.Effect<void, IoError> =>
  plain(host, "Files.remove", path, (port, done) => port.unlink(path, done))

export const removeDirectory = (host: FileHost, path: string): Effect.Effect<void, IoError> =>
  plain(host, "Files.removeDirectory", path, (port, done) => port.removeDirectory(path, done))

const operation = "Files.createDirectory"

const createOne = (host: FileHost, path: string, mode: number): Effect.Effect<void, IoError> =>
  plain(host, operation, path, (port, done) => port.createDirectory(path, mode, done))

// From the path up to the first that is there, and down again.
const createAll = (host: FileHost, path: string, mode: number): Effect.Effect<void, IoError> =>
  Effect.catchTag(createOne(host, path, mode), "IoError", (error) => {
    if (isIoError(error, "AlreadyExists")) {
      return Effect.flatMap(stat(host, path), ({ kind }) =>
        kind === "directory" ? Effect.void : Effect.fail(error)
      )
    }
    const parent = parentOf(path)
    if (!isIoError(error, "NotFound") || parent === path) return Effect.fail(error)
    const above = Effect.suspend(() => createAll(host, parent, mode))
    return Effect.andThen(above, createOrFind(host, path, mode))
  })

// Another may make it meanwhile.
const createOrFind = (host: FileHost, path: string, mode: number): Effect.Effect<void, IoError> =>
  Effect.catchIf(
    createOne(host, path, mode),
    (error) => isIoError(error, "AlreadyExists"),
    () => Effect.void
  )

export const createDirectory = (
  host: FileHost,
  path: string,
  { mode = 0o777, recursive = false }: CreateDirectoryOptions = {}
): Effect.Effect<void, IoError> =>
  checkMode(operation, mode) ??
  (recursive ? createAll(host, path, mode) : createOne(host, path, mode))
