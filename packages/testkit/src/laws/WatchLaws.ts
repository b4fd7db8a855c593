/** Laws of watching: what is told of names in one directory, and when nothing is told any more. */
import { EventLoop, Files } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { equals, equalsAll, failsWith, isTrue, rejects } from "../Expectation.ts"
import { handles } from "../HandleList.ts"
import { law, lawGroup } from "../Law.ts"
import { parked } from "../Turns.ts"
import { append, folder, line, methods, moment, told, watch, write } from "../Watching.ts"

const hostOnly = {
  name: "watch",
  ask: Effect.flatMap(folder, (root) => watch(root, { method: "host" }))
} as const

export const WatchLaws = lawGroup("Watching", [
  law("WATCH-01", "what is made, changed and removed is told, by its name", function* () {
    for (const options of methods) {
      const root = yield* folder
      yield* write(`${root}/old`, "1")
      const watcher = yield* watch(root, options)
      yield* write(`${root}/new`, "1")
      yield* equalsAll(yield* told(watcher, root), ["+ new"], "after making a file")
      yield* append(`${root}/old`, "2")
      yield* equalsAll(yield* told(watcher, root), ["~ old"], "after writing to it")
      yield* Files.remove(`${root}/old`)
      yield* Files.createDirectory(`${root}/sub`)
      const last = (yield* told(watcher, root)).toSorted()
      yield* equalsAll(last, ["+ sub", "- old"], "at the end")
    }
  }),

  law("WATCH-02", "of two watchers of one path, each is told", function* () {
    const root = yield* folder
    const [one, other] = [yield* watch(root), yield* watch(root)]
    yield* write(`${root}/a`, "")
    yield* equalsAll(yield* told(one, root), ["+ a"], "one")
    yield* equalsAll(yield* told(other, root), ["+ a"], "the other")
    yield* one.close
    yield* write(`${root}/b`, "")
    yield* equalsAll(yield* told(other, root), ["+ b"], "the other, alone")
  }),

  law("WATCH-03", "watching what is not there fails with NotFound", function* () {
    const root = yield* folder
    for (const options of methods) {
      const error = yield* failsWith("NotFound", watch(`${root}/missing`, options))
      yield* equals(error.path, `${root}/missing`, "path")
      yield* failsWith("NotFound", watch(`${root}/missing/below`, options))
    }
  }),

  law("WATCH-04", "a change made right after it is ready is never missed", function* () {
    const root = yield* folder
    for (let round = 0; round < 20; round++) {
      const scope = yield* Scope.make()
      const watcher = yield* Scope.provide(watch(root), scope)
      yield* write(`${root}/${round}`, "")
      yield* equals(line(yield* watcher.take, root), `+ ${round}`, "event")
      yield* Scope.close(scope, Exit.void)
    }
  }),

  law("WATCH-21", "what follows as soon as something is told is told as well", function* () {
    const root = yield* folder
    const watcher = yield* watch(root)
    const next = function* () {
      for (;;) {
        const event = line(yield* watcher.take, root)
        if (!event.startsWith("~")) return event
      }
    }
    for (let round = 0; round < 8; round++) {
      yield* write(`${root}/a`, "")
      yield* equals(yield* next(), "+ a", `event ${round}`)
      yield* Files.remove(`${root}/a`)
      yield* equals(yield* next(), "- a", `event ${round}`)
    }
  }),

  law(
    "WATCH-05",
    "a rename is one event with both names, also onto another file",
    function* () {
      const root = yield* folder
      yield* write(`${root}/a`, "1")
      yield* write(`${root}/b`, "2")
      const watcher = yield* watch(root)
      yield* Files.rename(`${root}/a`, `${root}/c`)
      yield* equalsAll(yield* told(watcher, root), ["a → c"], "to a new name")
      yield* Files.rename(`${root}/c`, `${root}/b`)
      yield* equalsAll(yield* told(watcher, root), ["c → b"], "onto another file")
    },
    { capability: hostOnly }
  ),

  law("WATCH-06", "nothing is told after close, even if it happened before", function* () {
    const root = yield* folder
    const watcher = yield* watch(root)
    yield* write(`${root}/a`, "")
    yield* watcher.take
    const waiting = yield* Effect.forkChild(Effect.exit(watcher.take))
    yield* parked(watcher)
    yield* write(`${root}/b`, "")
    yield* watcher.close
    const exit = yield* Fiber.join(waiting)
    yield* isTrue(
      Exit.isFailure(exit) || line(exit.value, root) === "+ b",
      "Who waited is told of what came, or that it is closed"
    )
    yield* failsWith("Closed", watcher.take)
    yield* watcher.close
  }),

  law("WATCH-08", "polling tells changed length, changed times, and removal", function* () {
    const root = yield* folder
    yield* write(`${root}/a`, "1")
    const watcher = yield* watch(root, { method: "polling", interval: "10 millis" })
    yield* equals(watcher.method, "polling", "method")
    yield* append(`${root}/a`, "2")
    yield* equals(line(yield* watcher.take, root), "~ a", "after an append")
    yield* Files.setMode(`${root}/a`, 0o600)
    yield* equals(line(yield* watcher.take, root), "~ a", "after a change of mode")
    yield* Files.remove(`${root}/a`)
    yield* equals(line(yield* watcher.take, root), "- a", "after its removal")
  }),

  law("WATCH-09", "that the directory itself is gone is told, and is the end", function* () {
    for (const options of methods) {
      const root = yield* folder
      const watched = `${root}/watched`
      yield* Files.createDirectory(watched)
      const watcher = yield* watch(watched, options)
      yield* Files.removeDirectory(watched)
      yield* equals(line(yield* watcher.take, watched), "root deleted", "event")
      yield* failsWith("NotFound", watcher.take)
      yield* Files.createDirectory(watched)
      yield* failsWith("NotFound", watcher.take)
      yield* equals(watcher.watched.directories, 0, "directories that are watched")
    }
  }),

  law("WATCH-19", "a directory that takes the name of the watched one ends it, too", function* () {
    for (const options of methods) {
      const root = yield* folder
      const watched = `${root}/watched`
      yield* Files.createDirectory(watched)
      const watcher = yield* watch(watched, options)
      yield* Files.rename(watched, `${root}/away`)
      yield* Files.createDirectory(watched)
      yield* equals(line(yield* watcher.take, watched), "root deleted", "event")
      const another = yield* watch(watched, options)
      yield* write(`${watched}/a`, "")
      yield* equals(line(yield* another.take, watched), "+ a", "event of the new one")
    }
  }),

  law("WATCH-10", "what a full queue drops is counted, and told where it is missing", function* () {
    const root = yield* folder
    const watcher = yield* watch(root, { queueMax: 2 })
    for (const name of ["a", "b", "c", "d", "e"]) {
      yield* write(`${root}/${name}`, "")
    }
    while (watcher.watched.eventsLost < 3) yield* moment
    yield* equals(line(yield* watcher.take, root), "+ a", "the first")
    yield* watcher.take
    const lost = yield* watcher.take
    yield* equals(lost._tag, "Overflow", "the third")
    yield* write(`${root}/f`, "")
    for (let event = yield* watcher.take; line(event, root) !== "+ f";) event = yield* watcher.take
  }),

  law("WATCH-11", "of a watched file, only its own name is told, whoever has it", function* () {
    for (const options of methods) {
      const root = yield* folder
      const path = `${root}/file`
      yield* write(path, "1")
      const watcher = yield* watch(path, options)
      yield* write(`${root}/other`, "")
      yield* append(path, "2")
      yield* equals(line(yield* watcher.take, root), "~ file", "after an append")
      yield* Files.remove(path)
      for (let last = ""; last !== "- file";) last = line(yield* watcher.take, root)
      yield* write(`${root}/next`, "22")
      yield* Files.rename(`${root}/next`, path)
      yield* equals(line(yield* watcher.take, root), "+ file", "after another took the name")
    }
  }),

  law("WATCH-12", "without `recursive`, what is below is not told", function* () {
    for (const options of methods) {
      const root = yield* folder
      yield* Files.createDirectory(`${root}/sub`)
      const watcher = yield* watch(root, options)
      yield* write(`${root}/sub/a`, "")
      yield* equalsAll(yield* told(watcher, root), [], "events")
    }
  }),

  law("WATCH-14", "who is interrupted takes no event", function* () {
    const root = yield* folder
    const watcher = yield* watch(root)
    for (let round = 0; round < 10; round++) {
      const waiting = yield* Effect.forkChild(watcher.take)
      yield* parked(watcher)
      yield* Fiber.interrupt(waiting)
      yield* write(`${root}/${round}`, "")
      for (let last = ""; last !== `+ ${round}`;) last = line(yield* watcher.take, root)
    }
  }),

  law("WATCH-15", "an option out of its bound is refused, by name", function* () {
    const root = yield* folder
    yield* rejects("path", watch(""))
    yield* rejects("interval", watch(root, { interval: "1 millis" }))
    yield* rejects("queueMax", watch(root, { queueMax: 0 }))
    yield* rejects("entriesMax", watch(root, { entriesMax: 1.5 }))
    yield* rejects("method", watch(root, { method: "guessing" as "host" }))
  }),

  law(
    "WATCH-18",
    "a watcher is listed where it was opened, and keeps the loop alive",
    function* () {
      const root = yield* folder
      const watcher = yield* watch(root)
      const [listed] = (yield* handles).filter(({ kind }) => kind === "Watcher")
      yield* equals(listed?.id, watcher.id, "id")
      yield* isTrue(
        /WatchLaws/.test(listed?.site ?? ""),
        `It should be opened here: ${listed?.site}`
      )
      const keeps = EventLoop.EventLoop.use((loop) =>
        Effect.map(loop.keptAliveBy, (lines) => lines.some((one) => one.includes("Watcher")))
      )
      yield* equals(yield* keeps, true, "keeps the loop alive")
      yield* watcher.unref
      yield* equals(yield* keeps, false, "keeps the loop alive once it is unref'd")
      yield* write(`${root}/a`, "")
      yield* equals(line(yield* watcher.take, root), "+ a", "event while it is unref'd")
    }
  )
])
