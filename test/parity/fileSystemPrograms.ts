/** Small programs over Effect's `FileSystem`; each says what it saw, the same on every world. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { FileSystem } from "effect/FileSystem"
import * as Option from "effect/Option"
import type { PlatformError } from "effect/PlatformError"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

type Fs = FileSystem
type Act<A> = Effect.Effect<A, PlatformError, Scope.Scope>

/** Over an empty folder. */
export type FileSystemProgram = (fs: Fs, at: (name: string) => string) => Act<unknown>

const bytes = (text: string) => new TextEncoder().encode(text)

/** What came of it: what it gave, or the tag that it failed with. */
const told = <A>(act: Act<A>) =>
  Effect.map(Effect.exit(act), (exit) => {
    if (Exit.isSuccess(exit)) return exit.value === undefined ? "done" : exit.value
    const failure = exit.cause.reasons.find((reason) => reason._tag === "Fail")
    return failure === undefined ? String(exit.cause) : failure.error.reason._tag
  })

const all = (...acts: ReadonlyArray<Act<unknown>>) => Effect.forEach(acts, told)
const sorted = (names: Act<ReadonlyArray<string>>) =>
  Effect.map(names, (found) => [...found].sort())

/** A file, a folder with a file in it, links to both, one to nothing, and two in a circle. */
const furnish: (...args: Parameters<FileSystemProgram>) => Act<void> = (fs, at) =>
  Effect.gen(function* () {
    yield* fs.writeFileString(at("file"), "content")
    yield* fs.makeDirectory(at("folder"))
    yield* fs.writeFileString(at("folder/inner"), "inside")
    yield* fs.symlink("file", at("link"))
    yield* fs.symlink("folder", at("way"))
    yield* fs.symlink("nothing", at("gone"))
    yield* fs.symlink("two", at("one"))
    yield* fs.symlink("one", at("two"))
  })

const places = ["file", "folder", "folder/inner", "link", "way", "gone", "one", "none", "file/x"]
const flags = ["r", "r+", "w", "wx", "w+", "wx+", "a", "ax", "a+", "ax+"] as const

/** The same question of every place there is. */
const ask =
  (question: (fs: Fs, path: string) => Act<unknown>): FileSystemProgram =>
  (fs, at) =>
    Effect.andThen(furnish(fs, at), all(...places.map((place) => question(fs, at(place)))))

export const fileSystemPrograms: Readonly<Record<string, FileSystemProgram>> = {
  exists: ask((fs, path) => fs.exists(path)),
  access: ask((fs, path) => fs.access(path, { readable: true })),
  stat: ask((fs, path) => Effect.map(fs.stat(path), ({ mode, type }) => [type, mode.toString(8)])),
  lstat: ask((fs, path) => Effect.map(fs.lstat(path), ({ type }) => type)),
  readFileString: ask((fs, path) => fs.readFileString(path)),
  readLink: ask((fs, path) => fs.readLink(path)),
  readDirectory: ask((fs, path) => sorted(fs.readDirectory(path))),
  makeDirectory: ask((fs, path) => fs.makeDirectory(path)),
  makeDirectories: ask((fs, path) =>
    // Below a link to nothing, Node's own recursion says something of its own.
    path.endsWith("gone")
      ? Effect.void
      : Effect.asVoid(fs.makeDirectory(`${path}/a/b`, { recursive: true }))
  ),
  truncate: ask((fs, path) => fs.truncate(path, 3)),
  writeFile: ask((fs, path) => fs.writeFile(path, bytes("new"))),
  append: ask((fs, path) => fs.writeFile(path, bytes("new"), { flag: "a" })),
  chmod: ask((fs, path) => fs.chmod(path, 0o700)),
  removeForced: ask((fs, path) => fs.remove(path, { force: true, recursive: true })),
  link: ask((fs, path) => fs.link(path, `${path}-linked`)),
  symlink: ask((fs, path) => fs.symlink("target", path)),
  rename: ask((fs, path) => fs.rename(path, `${path}-renamed`)),
  copyFile: ask((fs, path) => fs.copyFile(path, `${path}-copied`)),

  "open by every flag": (fs, at) =>
    Effect.andThen(
      furnish(fs, at),
      Effect.forEach(flags, (flag) =>
        all(
          ...["file", "gone", "folder", `new-${flag}`].map((place) =>
            Effect.gen(function* () {
              const file = yield* fs.open(at(place), { flag })
              return yield* all(
                file.readAlloc(3),
                file.write(bytes("XY")),
                file.readAlloc(3),
                file.seek(1n, "start"),
                file.write(bytes("Z")),
                fs.readFileString(at(place))
              )
            })
          )
        )
      )
    ),

  "a cursor": (fs, at) =>
    Effect.gen(function* () {
      const file = yield* fs.open(at("a"), { flag: "w+" })
      const buffer = new Uint8Array(4)
      return yield* all(
        file.writeAll(bytes("abcdefgh")),
        file.seek(-3n, "current"),
        file.read(buffer),
        Effect.sync(() => [...buffer]),
        file.seek(-100n, "current"),
        file.readAlloc(4, { position: 2n }),
        file.readAlloc(4),
        file.truncate(2),
        file.write(bytes("!")),
        fs.readFileString(at("a"))
      )
    }),

  "streams and sinks": (fs, at) =>
    Effect.gen(function* () {
      yield* Stream.run(Stream.make(bytes("hello "), bytes("world")), fs.sink(at("a")))
      const chunks = fs.stream(at("a"), { offset: 2, bytesToRead: 7, chunkSize: 3 })
      return Array.from(yield* Stream.runCollect(chunks), (chunk) => [...chunk])
    }),

  "copies of trees": (fs, at) =>
    Effect.gen(function* () {
      yield* furnish(fs, at)
      yield* fs.makeDirectory(at("to"))
      yield* fs.writeFileString(at("to/inner"), "kept")
      yield* fs.copy(at("folder"), at("to"))
      const kept = yield* fs.readFileString(at("to/inner"))
      yield* fs.copy(at("folder"), at("to"), { overwrite: true })
      return [kept, yield* fs.readFileString(at("to/inner"))]
    }),

  "globs and listings": (fs, at) =>
    Effect.gen(function* () {
      yield* furnish(fs, at)
      // Node follows links to folders when it lists them in depth; Bun does not.
      yield* fs.remove(at("way"))
      return yield* all(
        sorted(fs.readDirectory(at(""), { recursive: true })),
        fs.glob("**/in*", { root: at("") }),
        Effect.map(fs.readDirectoryEntries(at("")), (entries) =>
          entries.map(({ name, type }) => `${name} ${type}`).sort()
        )
      )
    }),

  "times and links": (fs, at) =>
    Effect.gen(function* () {
      yield* furnish(fs, at)
      yield* fs.utimes(at("file"), 1.25, 1000)
      yield* fs.link(at("file"), at("hard"))
      const { atime, mtime, nlink } = yield* fs.stat(at("hard"))
      const millis = [atime, mtime].map((time) => Option.getOrThrow(time).getTime())
      return [...millis, String(Option.getOrThrow(nlink))]
    }),

  "temporary files": (fs, at) =>
    Effect.gen(function* () {
      const options = { directory: at(""), prefix: "p-", suffix: ".s" }
      const path = yield* Effect.scoped(fs.makeTempFileScoped(options))
      const file = yield* fs.makeTempFile(options)
      return [yield* fs.exists(path), yield* fs.readFileString(file), file.endsWith(".s")]
    })
}
