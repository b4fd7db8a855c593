/** Laws of watching a whole tree: directories that come, go and move. */
import { Files } from "@portico/core"
import { raise, type WatchPort } from "@portico/core/port"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Stream from "effect/Stream"
import { equals, equalsAll, failsWith } from "../Expectation.ts"
import { type PortChange, withPorts } from "../FaultyPorts.ts"
import { law, lawGroup } from "../Law.ts"
import { applied } from "../AppliedEvents.ts"
import { append, eventsSoFar, folder, line, methods, told, watch, write } from "../Watching.ts"

const names = ["a", "b", "c", "d"]

const pick = <A>(all: ReadonlyArray<A>) =>
  Effect.map(Random.nextIntBetween(0, all.length - 1), (index) => all[index]!)

/** Does something to a tree; what cannot be done is left. */
const disturb = (root: string) =>
  Effect.gen(function* () {
    const path = function* () {
      const directory = yield* pick(["", "a/", "b/", "a/c/"])
      return `${root}/${directory}${yield* pick(names)}`
    }
    const from = yield* Effect.gen(path)
    const to = yield* Effect.gen(path)
    const steps = [
      write(from, "x"),
      append(from, "y"),
      Files.createDirectory(from),
      Files.remove(from),
      Files.removeTree(from),
      Files.rename(from, to),
      Files.rename(from, to)
    ]
    yield* Effect.ignore(yield* pick<Effect.Effect<void, unknown, Files.Files>>(steps))
  })

const walked = (root: string) =>
  Effect.map(Stream.runCollect(Files.walk(root)), (entries) =>
    entries
      .map(({ path }) => path)
      .filter((path) => !path.includes("/.end-"))
      .toSorted()
  )

/** As a kernel that is held up between the two hints of a rename. */
const tellingLate =
  (late: string, millis: number): PortChange =>
  (ports) => {
    const port = ports.watch!
    const open: WatchPort["open"] = (path, events) =>
      port.open(path, {
        onUnknown: () => events.onUnknown(),
        onHint: (name, isContent) => {
          const tell = () => events.onHint(name, isContent)
          if (name === late) ports.loop.startTimer(millis, () => raise(ports.turn, tell))
          else tell()
        }
      })
    return { ...ports, watch: { settleMillis: port.settleMillis, open } }
  }

export const WatchTreeLaws = lawGroup("Watching trees", [
  law("WATCH-07", "files in directories that came after the start are told", function* () {
    for (const options of methods) {
      const root = yield* folder
      const watcher = yield* watch(root, { ...options, recursive: true })
      yield* Files.createDirectory(`${root}/a/b/c`, { recursive: true })
      yield* write(`${root}/a/b/c/file`, "")
      yield* equalsAll(
        yield* told(watcher, root),
        ["+ a", "+ a/b", "+ a/b/c", "+ a/b/c/file"],
        "made at once"
      )
      yield* append(`${root}/a/b/c/file`, "1")
      yield* equalsAll(yield* told(watcher, root), ["~ a/b/c/file"], "changed later")
      yield* Files.removeTree(`${root}/a`)
      yield* equalsAll(
        yield* told(watcher, root),
        ["- a/b/c/file", "- a/b/c", "- a/b", "- a"],
        "removed"
      )
      yield* equals(watcher.watched.directories, 1, "directories that are watched")
    }
  }),

  law("WATCH-13", "what is in a directory that was renamed goes on being told", function* () {
    const root = yield* folder
    yield* Files.createDirectory(`${root}/a/sub`, { recursive: true })
    yield* write(`${root}/a/sub/x`, "")
    const watcher = yield* watch(root, { recursive: true })
    yield* Files.rename(`${root}/a`, `${root}/b`)
    yield* told(watcher, root)
    yield* append(`${root}/b/sub/x`, "1")
    yield* equalsAll(yield* told(watcher, root), ["~ b/sub/x"], "below its new name")
    yield* equals(watcher.watched.directories, 3, "directories that are watched")
  }),

  law("WATCH-17", "a directory that took another one's name is watched in its place", function* () {
    for (const options of methods) {
      const root = yield* folder
      yield* Files.createDirectory(`${root}/a`)
      const watcher = yield* watch(root, { ...options, recursive: true })
      const other = yield* watch(root, { ...options, recursive: true })
      yield* Files.rename(`${root}/a`, `${root}/z`)
      yield* Files.createDirectory(`${root}/a`)
      yield* told(watcher, root)
      yield* told(other, root)
      yield* write(`${root}/a/new`, "")
      yield* write(`${root}/z/old`, "")
      yield* equalsAll(
        (yield* told(watcher, root)).toSorted(),
        ["+ a/new", "+ z/old"],
        "in both directories"
      )
      yield* equalsAll(
        (yield* told(other, root)).toSorted(),
        ["+ a/new", "+ z/old"],
        "in both directories, to the other watcher"
      )
    }
  }),

  law("WATCH-16", "more entries than it may know are refused, and later told of", function* () {
    const root = yield* folder
    for (const name of names) yield* write(`${root}/${name}`, "")
    yield* failsWith("ResourceExhausted", watch(root, { entriesMax: 3 }))
    const watcher = yield* watch(root, { entriesMax: 4 })
    yield* write(`${root}/e`, "")
    yield* equals(line(yield* watcher.take, root), "unwatched .: ResourceExhausted", "event")
  }),

  law(
    "WATCH-22",
    "a rename is one event, though its second hint comes some time after the first",
    function* () {
      const root = yield* folder
      yield* Files.createDirectory(`${root}/sub`)
      yield* write(`${root}/sub/old`, "1")
      const renamed = Effect.gen(function* () {
        const watcher = yield* watch(root, { method: "host", recursive: true })
        yield* Files.rename(`${root}/sub/old`, `${root}/new`)
        yield* equalsAll(yield* told(watcher, root), ["sub/old → new"], "renaming")
      })
      yield* withPorts(tellingLate("new", 5), Effect.scoped(renamed))
    }
  ),

  law(
    "WATCH-20",
    "events applied one by one give the names that are there, whatever was done",
    function* () {
      for (const options of methods) {
        for (let round = 0; round < 2; round++) {
          const root = yield* folder
          for (let step = 0; step < 10; step++) yield* disturb(root)
          const known = new Set(yield* walked(root))
          const watcher = yield* watch(root, { ...options, recursive: true })
          for (let step = 0; step < 40; step++) yield* disturb(root)
          const events = yield* eventsSoFar(watcher, root)
          yield* equalsAll(applied(known, events).toSorted(), yield* walked(root), "names")
        }
      }
    },
    { longerThan: "Hundreds of changes are made on a disk" }
  )
])
