/**
 * Effect's own `FileSystem` on a simulated disk, for programs that never heard of Portico: the same
 * names, times, faults and crashes as `Files` has. Failures are those of platform-node.
 */
import { Backend } from "@portico/core/Backend"
import { Files } from "@portico/core/Files"
import type { FilesService } from "@portico/core/FilesService"
import { isIoError } from "@portico/core/IoError"
import type { FilePort } from "@portico/core/port/index"
import { Watch, type WatchService } from "@portico/core/Watch"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import type { PlatformError } from "effect/PlatformError"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { copyTree } from "./copyTree.ts"
import { EffectFile } from "./EffectFile.ts"
import { fileInfo, typeOf } from "./fileInfo.ts"
import { as, notPermitted } from "./platformError.ts"
import { setTimes } from "./setTimes.ts"
import { makeFolder, randomName } from "./temporary.ts"
import { watchEvents } from "./watchEvents.ts"

/** `readFile` takes no more, in bytes. */
const readBytesMax = 1024 * 1024 * 1024

type Impl = Parameters<typeof FileSystem.make>[0]

const openOptions = (flag: FileSystem.OpenFlag) =>
  ({
    access: flag.endsWith("+") ? "readWrite" : flag === "r" ? "read" : "write",
    append: flag.startsWith("a"),
    create: flag.startsWith("r") ? "never" : flag.includes("x") ? "exclusive" : "ifMissing",
    truncate: flag.startsWith("w")
  }) as const

const open = (
  files: FilesService,
  method: string,
  path: string,
  options: NonNullable<Parameters<Impl["open"]>[1]> = {}
): Effect.Effect<EffectFile, PlatformError, Scope.Scope> => {
  const { flag = "r", mode, noFollow } = options
  const opened = files.open(path, { ...openOptions(flag), mode, noFollow })
  return Effect.map(as(method, path)(opened), (file) => new EffectFile(file, flag.startsWith("a")))
}

const namesAndWays = (files: FilesService) =>
  ({
    access: (path, options = {}) =>
      Effect.gen(function* () {
        const { kind } = yield* as("access", path)(files.stat(path))
        const asked = (flag: "r" | "r+") => Effect.scoped(open(files, "access", path, { flag }))
        if (options.readable === true) yield* asked("r")
        if (options.writable === true && kind === "file") yield* asked("r+")
      }),
    chmod: (path, mode) => as("chmod", path)(files.setMode(path, mode)),
    link: (from, to) => as("link", from)(files.link(from, to)),
    stat: (path) => Effect.map(as("stat", path)(files.stat(path)), fileInfo),
    lstat: (path) => Effect.map(as("lstat", path)(files.linkStat(path)), fileInfo),
    readLink: (path) => as("readLink", path)(files.readLink(path)),
    realPath: (path) => as("realPath", path)(files.realPath(path)),
    rename: (from, to) => as("rename", from)(files.rename(from, to)),
    symlink: (target, path) => as("symlink", target)(files.symlink(target, path)),
    copy: (from, to, options = {}) =>
      as("copy", from)(copyTree(files, from, to, options.overwrite === true)),
    copyFile: (from, to) => as("copyFile", from)(files.copy(from, to)),
    remove: (path, options = {}) => {
      const removing = options.recursive === true ? removeAll(files, path) : files.remove(path)
      const forced = Effect.catchIf(
        removing,
        (error) => options.force === true && isIoError(error, "NotFound"),
        () => Effect.void
      )
      return as("remove", path)(forced)
    }
  }) satisfies Partial<Impl>

const removeAll = (files: FilesService, path: string) =>
  Effect.andThen(files.linkStat(path), files.removeTree(path))

const directories = (files: FilesService) =>
  ({
    makeDirectory: (path, options = {}) =>
      as("makeDirectory", path)(files.createDirectory(path, options)),
    readDirectory: (path, options = {}) => {
      const from = path.length + 1
      const names =
        options.recursive === true
          ? Stream.map(files.walk(path), (entry) => entry.path.slice(from))
          : Stream.map(files.entries(path), ({ name }) => name)
      return as("readDirectory", path)(Effect.map(Stream.runCollect(names), (all) => [...all]))
    },
    readDirectoryEntries: (path) =>
      as(
        "readDirectoryEntries",
        path
      )(
        Effect.map(Stream.runCollect(files.entries(path)), (all) =>
          Array.from(all, ({ kind, name }) => ({ name, type: typeOf(kind) }))
        )
      )
  }) satisfies Partial<Impl>

const contents = (files: FilesService) =>
  ({
    open: (path, options) => open(files, "open", path, options),
    readFile: (path) => as("readFile", path)(files.readFile(path, { bytesMax: readBytesMax })),
    truncate: (path, length) =>
      Effect.scoped(
        Effect.flatMap(open(files, "truncate", path, { flag: "r+" }), (file) =>
          file.truncate(length)
        )
      ),
    writeFile: (path, data, options = {}) =>
      Effect.scoped(
        Effect.flatMap(
          open(files, "writeFile", path, { ...options, flag: options.flag ?? "w" }),
          (file) => file.writeAll(data)
        )
      )
  }) satisfies Partial<Impl>

interface TemporaryOptions {
  readonly directory?: string | undefined
  readonly prefix?: string | undefined
  readonly suffix?: string | undefined
}

const temporaries = (files: FilesService, port: FilePort) => {
  const makeTempDirectory = ({ directory, prefix = "" }: TemporaryOptions = {}) => {
    const folder = directory ?? port.temporaryDirectory
    return as("makeTempDirectory", folder)(makeFolder(files, folder, prefix))
  }
  const makeTempFile = (options: TemporaryOptions = {}) =>
    Effect.gen(function* () {
      const folder = yield* makeTempDirectory(options)
      const path = `${folder}/${yield* randomName}${options.suffix ?? ""}`
      yield* as("makeTempFile", path)(files.writeFile(path, new Uint8Array(0)))
      return path
    })
  const remove = (folder: string) => Effect.orDie(files.removeTree(folder))
  return {
    makeTempDirectory,
    makeTempFile,
    makeTempDirectoryScoped: (options?: TemporaryOptions) =>
      Effect.acquireRelease(makeTempDirectory(options), remove),
    makeTempFileScoped: (options?: TemporaryOptions) =>
      Effect.acquireRelease(makeTempFile(options), (path) =>
        remove(path.slice(0, path.lastIndexOf("/")))
      )
  }
}

// A number is seconds, as for utimes(2); anything else is a date.
const toNanos = (time: number | { readonly getTime: () => number }): bigint =>
  BigInt(Math.round(typeof time === "number" ? time * 1000 : time.getTime())) * 1_000_000n

export const make = (
  files: FilesService,
  watch: WatchService,
  port: FilePort
): FileSystem.FileSystem =>
  FileSystem.make({
    ...namesAndWays(files),
    ...directories(files),
    ...contents(files),
    ...temporaries(files, port),
    // Only the superuser gives files away.
    chown: (path, user, group) =>
      Effect.flatMap(as("chown", path)(files.stat(path)), (stat) =>
        stat.user === user && stat.group === group
          ? Effect.void
          : Effect.fail(notPermitted("chown", path))
      ),
    utimes: (path, accessed, modified) =>
      as("utimes", path)(setTimes(port, path, toNanos(accessed), toNanos(modified))),
    watch: (path, options) => watchEvents(files, watch, path, options)
  })

/** Over the services that every backend has; they are asked for once. */
export const layer: Layer.Layer<FileSystem.FileSystem, never, Backend | Files | Watch> =
  Layer.effect(
    FileSystem.FileSystem,
    Effect.gen(function* () {
      const { files: port } = yield* Backend
      if (port === undefined) return yield* Effect.die("This backend has no files")
      return make(yield* Files, yield* Watch, port)
    })
  )
