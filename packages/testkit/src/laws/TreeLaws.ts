/** Laws of directories read, walked and removed, and of what is temporary. */
import { EventLoop, Files } from "@portico/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { ascii } from "../Bytes.ts"
import { equals, equalsAll, failsWith, isTrue, rejects } from "../Expectation.ts"
import { withPorts } from "../FaultyPorts.ts"
import { fileLaw } from "../FileLaw.ts"
import { FileValve } from "../FileValve.ts"
import { lawGroup } from "../Law.ts"

const named = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `entry-${index}`).sort()

const writeAll = (directory: string, names: ReadonlyArray<string>) =>
  Effect.forEach(names, (name) => Files.writeFile(`${directory}/${name}`, ascii(name)), {
    concurrency: 16
  })

const namesIn = (path: string) =>
  Effect.map(Stream.runCollect(Files.entries(path)), (entries) =>
    Array.from(entries, ({ name }) => name).sort()
  )

/** `a`, `a/b`, `a/b/f`, and a link in `b` that leads back to `a`. */
const makeCircle = (directory: string) =>
  Effect.gen(function* () {
    yield* Files.createDirectory(`${directory}/a/b`, { recursive: true })
    yield* Files.writeFile(`${directory}/a/b/f`, ascii("x"))
    yield* Files.symlink("../../a", `${directory}/a/b/up`)
  })

const walked = (path: string, options?: Parameters<typeof Files.walk>[1]) =>
  Effect.map(Stream.runCollect(Files.walk(path, options)), (entries) =>
    Array.from(entries, (entry) => entry.path.slice(path.length + 1)).sort()
  )

const gone = (path: string) => failsWith("NotFound", Files.linkStat(path))

export const TreeLaws = lawGroup("Directories", [
  fileLaw(
    "FS-12",
    "a directory gives each of its entries once, with its kind",
    function* (directory) {
      const names = named(700)
      yield* writeAll(directory, names)
      yield* equalsAll(yield* namesIn(directory), names, "names")
      yield* Files.createDirectory(`${directory}/sub`)
      yield* Files.symlink("sub", `${directory}/link`)
      const entries = yield* Stream.runCollect(Files.entries(directory))
      const kindOf = (name: string) => entries.find((entry) => entry.name === name)?.kind
      yield* equals(kindOf("sub"), "directory", "kind of a directory")
      yield* equals(kindOf("link"), "symlink", "kind of a link")
      yield* equals(kindOf("entry-0"), "file", "kind of a file")
      yield* equalsAll(yield* namesIn(`${directory}/sub`), [], "names in an empty one")
    }
  ),

  fileLaw("FS-33", "a directory stream that is left early is closed", function* (directory) {
    yield* writeAll(directory, named(600))
    const { handles } = yield* EventLoop.EventLoop
    const open = Effect.map(handles, (all) => all.filter(({ kind }) => kind === "Directory").length)
    const few = yield* Stream.runCollect(Stream.take(Files.entries(directory), 3))
    yield* equals(few.length, 3, "entries taken")
    yield* equals(yield* open, 0, "directories open")
    yield* Stream.runCollect(Stream.take(Files.walk(directory), 3))
    yield* equals(yield* open, 0, "directories open")
    const middle = yield* Deferred.make<void>()
    let seen = 0
    const reading = yield* Files.entries(directory).pipe(
      Stream.runForEach(() =>
        seen++ < 400
          ? Effect.void
          : Effect.andThen(Deferred.succeed(middle, undefined), Effect.never)
      ),
      Effect.forkChild({ startImmediately: true })
    )
    yield* Deferred.await(middle)
    yield* equals(yield* open, 1, "directories open")
    yield* Fiber.interrupt(reading)
    yield* equals(yield* open, 0, "directories open")
  }),

  fileLaw(
    "FS-13",
    "a walk goes no deeper than it is told, and circles of links end",
    function* (directory) {
      yield* makeCircle(directory)
      const all = ["a", "a/b", "a/b/f", "a/b/up"]
      yield* equalsAll(yield* walked(directory), all, "links not followed")
      yield* equalsAll(yield* walked(directory, { followLinks: true }), all, "followed")
      yield* equalsAll(yield* walked(directory, { depthMax: 1 }), ["a", "a/b"], "one deep")
      yield* equalsAll(yield* walked(directory, { depthMax: 0 }), ["a"], "not deep")
      yield* Files.createDirectory(`${directory}/c`)
      yield* Files.symlink("../a/b", `${directory}/c/way`)
      yield* Files.symlink("nowhere", `${directory}/c/lost`)
      const inC = ["lost", "way", "way/f", "way/up", "way/up/b"]
      const followed = yield* walked(`${directory}/c`, { followLinks: true })
      yield* equalsAll(followed, inC, "by the link")
      yield* rejects("depthMax", walked(directory, { depthMax: -1 }))
      const missing = yield* failsWith("NotFound", walked(`${directory}/none`))
      yield* equals(missing.path, `${directory}/none`, "path")
    }
  ),

  fileLaw("FS-34", "a walk gives each directory before what is in it", function* (directory) {
    // Those of `a/d` are more than the simulator lists at once.
    const trees = [
      ["a/b/c", 5],
      ["a/d/f", 5],
      ["a/d", 40],
      ["e", 5]
    ] as const
    for (const [name, files] of trees) {
      yield* Files.createDirectory(`${directory}/${name}`, { recursive: true })
      yield* writeAll(`${directory}/${name}`, named(files))
    }
    const seen = new Set([directory])
    let entries = 0
    yield* Stream.runForEach(Files.walk(directory), ({ depth, kind, name, path }) => {
      const above = path.slice(0, -name.length - 1)
      const deep = path.slice(directory.length + 1).split("/").length - 1
      const isKnown = seen.has(above) && !seen.has(path) && depth === deep
      if (kind === "directory") seen.add(path)
      entries++
      return isTrue(isKnown, `${path} should come once, after ${above}`)
    })
    yield* equals(seen.size, 7, "directories")
    yield* equals(entries, 6 + 55, "entries")
  }),

  fileLaw(
    "FS-35",
    "a tree is removed whole, and nothing that a link leads to",
    function* (directory) {
      yield* Files.createDirectory(`${directory}/kept`)
      yield* Files.writeFile(`${directory}/kept/file`, ascii("x"))
      const deep = `${directory}/tree/${Array.from({ length: 30 }, () => "d").join("/")}`
      yield* Files.createDirectory(deep, { recursive: true })
      yield* writeAll(`${directory}/tree/d`, named(600))
      yield* Files.symlink(`${directory}/kept`, `${directory}/tree/d/link`)
      yield* Files.symlink(`${directory}/kept`, `${directory}/root`)
      yield* Files.removeTree(`${directory}/tree`)
      yield* Files.removeTree(`${directory}/root`)
      yield* equalsAll(yield* namesIn(directory), ["kept"], "names")
      yield* equalsAll(yield* namesIn(`${directory}/kept`), ["file"], "names")
      yield* Files.removeTree(`${directory}/kept/file`)
      yield* equalsAll(yield* namesIn(`${directory}/kept`), [], "names")
      yield* failsWith("NotFound", Files.removeTree(`${directory}/tree`))
    }
  ),

  fileLaw(
    "FS-14",
    "what is temporary is gone after its scope, whoever removed it",
    function* (directory) {
      const inside = { directory, prefix: "t-" }
      const made = yield* Effect.scoped(
        Effect.gen(function* () {
          const file = yield* Files.temporaryFile(inside)
          const folder = yield* Files.temporaryDirectory(inside)
          yield* file.write(ascii("abc"))
          yield* Files.createDirectory(`${folder}/a/b`, { recursive: true })
          yield* equals((yield* Files.stat(file.path)).mode, 0o600, "mode of the file")
          yield* equals((yield* Files.stat(folder)).mode, 0o700, "mode of the directory")
          yield* isTrue(file.path.startsWith(`${directory}/t-`), `path is ${file.path}`)
          return [file.path, folder]
        })
      )
      for (const path of made) yield* gone(path)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const file = yield* Files.temporaryFile(inside)
          yield* Files.remove(file.path)
          yield* Files.removeTree(yield* Files.temporaryDirectory(inside))
        })
      )
      const scope = yield* Scope.make()
      const failed = Effect.andThen(Files.temporaryFile(inside), Effect.interrupt)
      yield* Effect.exit(Scope.provide(failed, scope))
      yield* Scope.close(scope, Exit.void)
      yield* equalsAll(yield* namesIn(directory), [], "names")
    }
  ),

  fileLaw(
    "FS-36",
    "interrupted while it is made, what is temporary is removed",
    function* (directory) {
      const file = Effect.asVoid(Files.temporaryFile({ directory }))
      for (const make of [file, Effect.asVoid(Files.temporaryDirectory({ directory }))]) {
        const valve = new FileValve()
        const body = Effect.gen(function* () {
          valve.isShut = true
          const making = yield* Effect.forkChild(Effect.scoped(make), {
            startImmediately: true
          })
          const interrupting = yield* Effect.forkChild(Fiber.interrupt(making), {
            startImmediately: true
          })
          valve.open()
          yield* Fiber.join(interrupting)
          yield* equalsAll(yield* namesIn(directory), [], "names")
        })
        yield* withPorts(valve.change, Effect.scoped(body))
      }
    }
  )
])
