/** Laws of following a file by its name: no line is lost, and none comes twice. */
import { FileLines, Files, FileTail, type IoError } from "@portico/core"
import { type FilePort, PortFailure } from "@portico/core/port"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as Stream from "effect/Stream"
import { equals, equalsAll, failsWith, isTrue, rejects } from "../Expectation.ts"
import { handles } from "../HandleList.ts"
import { overriding, type PortChange, withPorts } from "../FaultyPorts.ts"
import { law, lawGroup } from "../Law.ts"
import { beginning, settle } from "../Turns.ts"
import { append, folder, write } from "../Watching.ts"

const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

/** The next lines, so many. */
const lines = (tail: FileTail.FileTail, count: number) =>
  FileLines.ofTail(tail).pipe(Stream.take(count), Stream.map(textOf), Stream.runCollect)

const numbered = (from: number, count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `line ${from + index}`)

const appendLines = (path: string, all: ReadonlyArray<string>) =>
  append(path, all.map((text) => `${text}\n`).join(""))

/** `log` to `log.1`, `log.1` to `log.2`, and so on; the next append makes a new `log`. */
const rotate = Effect.fnUntraced(function* (path: string, kept: number) {
  for (let index = kept - 1; index >= 0; index--) {
    const from = index === 0 ? path : `${path}.${index}`
    yield* Effect.ignore(Files.rename(from, `${path}.${index + 1}`))
  }
})

/** What `logrotate` does with `copytruncate`. */
const cut = Effect.fnUntraced(function* (path: string, to: string) {
  yield* Files.copy(path, to)
  yield* Effect.scoped(
    Effect.flatMap(Files.open(path, { access: "write" }), (file) => file.truncate(0))
  )
})

/** Renames each of `pairs`, one after the other, and calls `then`. */
const renameAll = (
  port: FilePort,
  pairs: ReadonlyArray<readonly [from: string, to: string]>,
  then: () => void
): void => {
  const [first, ...rest] = pairs
  if (first === undefined) then()
  else port.rename(...first, () => renameAll(port, rest, then))
}

const settleMillis = 6

/** As Bun: no hint within 2 ms of another one of the same name. */
const forgettingHints: PortChange = (ports) => {
  const port = ports.watch!
  return {
    ...ports,
    watch: {
      settleMillis,
      open: (path, events) => {
        const told = new Map<string, number>()
        return port.open(path, {
          onUnknown: () => events.onUnknown(),
          onHint: (name, isContent) => {
            const now = ports.loop.nowMillis()
            if (now - (told.get(name) ?? -Infinity) < 2) return
            told.set(name, now)
            events.onHint(name, isContent)
          }
        })
      }
    }
  }
}

/** Rotates `path` and `path.1` on whenever the directory was listed, before its names are used. */
const rotatingWhenListed =
  (path: string, rotated: { count: number }): PortChange =>
  (ports) => {
    const port = ports.files!
    const nameOf = (index: number) => (index === 0 ? path : `${path}.${index}`)
    const rotate = (then: () => void) => {
      const at = rotated.count++
      const pairs = [at + 1, at].map((index) => [nameOf(index), nameOf(index + 1)] as const)
      renameAll(port, pairs, then)
    }
    const list: NonNullable<FilePort["list"]> = (name, done) =>
      port.list!(name, (told) => rotate(() => done(told)))
    const openDirectory: FilePort["openDirectory"] = (name, done) =>
      port.openDirectory(name, (opened) =>
        done(
          opened instanceof PortFailure
            ? opened
            : overriding(opened, {
                close: (closed) => opened.close((end) => rotate(() => closed(end)))
              })
        )
      )
    return {
      ...ports,
      files: overriding(port, { openDirectory, ...(port.list === undefined ? {} : { list }) })
    }
  }

type Step = Effect.Effect<void, IoError.IoError, Files.Files>

/** Writes `count` lines, and does something to the file between them now and then. */
const writing = (count: number, path: string, disturb: (round: number) => Step) =>
  Effect.gen(function* () {
    for (let next = 0, round = 0; next < count; round++) {
      const some = Math.min(count - next, yield* Random.nextIntBetween(1, 5))
      yield* appendLines(path, numbered(next, some))
      next += some
      yield* disturb(round)
    }
  })

export const TailLaws = lawGroup("Following files", [
  law("TAIL-01", "what is appended is given, from where one began", function* () {
    const path = `${yield* folder}/log`
    yield* write(path, "old\n")
    const all = yield* FileTail.open(path, { from: "start" })
    const end = yield* FileTail.open(path)
    yield* append(path, "new\nne")
    yield* append(path, "wer\n")
    yield* equalsAll(yield* lines(all, 3), ["old", "new", "newer"], "from the start")
    yield* equalsAll(yield* lines(end, 2), ["new", "newer"], "from the end")
  }),

  law("TAIL-11", "a change is not missed that a host does not hint at", function* () {
    const path = `${yield* folder}/log`
    yield* withPorts(
      forgettingHints,
      Effect.gen(function* () {
        for (const millis of [4.5, 5, 5.25, 5.5, 5.75, 6]) {
          const tail = yield* FileTail.open(path)
          const [reading] = yield* beginning(lines(tail, 3), () => undefined)
          // The third comes too soon after the hint at the second, and that at any time after the
          // first.
          for (const pause of [0, millis, 0.75]) {
            yield* Effect.sleep(Duration.millis(pause))
            yield* append(path, "line\n")
          }
          yield* equals((yield* Fiber.join(reading)).length, 3, "lines")
        }
      }).pipe(Effect.scoped)
    )
  }),

  law("TAIL-02", "a file that comes later is read from its start", function* () {
    const path = `${yield* folder}/log`
    const tail = yield* FileTail.open(path)
    const [waiting] = yield* beginning(lines(tail, 1), () => undefined)
    yield* settle
    yield* write(path, "first\n")
    yield* equalsAll(yield* Fiber.join(waiting), ["first"], "lines")
  }),

  law("TAIL-09", "files that came and went before anybody looked are read", function* () {
    const path = `${yield* folder}/log`
    yield* write(`${path}.7`, "older\n")
    const tail = yield* FileTail.open(path)
    for (let index = 1; index <= 3; index++) {
      yield* append(path, `${index}\n`)
      yield* rotate(path, 5)
    }
    yield* equalsAll(yield* lines(tail, 3), ["1", "2", "3"], "lines")
  }),

  law("TAIL-10", "one that is renamed whenever names are listed is not missed", function* () {
    const path = `${yield* folder}/log`
    const rotated = { count: 0 }
    const read = Effect.gen(function* () {
      const tail = yield* FileTail.open(path)
      yield* write(`${path}.1`, "1\n")
      yield* write(path, "2\n")
      rotated.count = 0
      return yield* lines(tail, 2)
    })
    const told = yield* withPorts(rotatingWhenListed(path, rotated), Effect.scoped(read))
    yield* equalsAll(told, ["1", "2"], "lines")
    yield* isTrue(rotated.count > 1, `only ${rotated.count} rotations`)
  }),

  law("TAIL-03", "a rotated file is read to its end, also what is written late", function* () {
    const path = `${yield* folder}/log`
    yield* write(path, "1\n")
    const tail = yield* FileTail.open(path, { from: "start" })
    yield* equalsAll(yield* lines(tail, 1), ["1"], "before")
    yield* Files.rename(path, `${path}.1`)
    yield* append(`${path}.1`, "2\n")
    yield* write(path, "")
    const [waiting] = yield* beginning(lines(tail, 3), () => undefined)
    yield* settle
    // The writer has not looked yet: it still has the old one.
    yield* append(`${path}.1`, "3\n")
    yield* append(path, "4\n")
    yield* equalsAll(yield* Fiber.join(waiting), ["2", "3", "4"], "after")
    yield* equals(tail.counters.rotations, 1, "rotations")
  }),

  law("TAIL-04", "files that came and went meanwhile are found under later names", function* () {
    const path = `${yield* folder}/log`
    yield* write(path, "0\n")
    yield* write(`${path}.7`, "much older\n")
    const tail = yield* FileTail.open(path, { from: "start" })
    for (let index = 1; index <= 5; index++) {
      yield* rotate(path, 6)
      yield* append(path, `${index}\n`)
    }
    yield* equalsAll(yield* lines(tail, 6), ["0", "1", "2", "3", "4", "5"], "lines")
    const opened = (yield* handles).filter(({ kind }) => kind === "File")
    yield* equals(opened.length, 1, "files that are open")
  }),

  law("TAIL-12", "and under counted names of which the highest is the newest", function* () {
    const path = `${yield* folder}/log`
    yield* write(`${path}.1`, "older\n")
    yield* write(path, "0\n")
    const tail = yield* FileTail.open(path, { from: "start" })
    for (let index = 1; index <= 5; index++) {
      yield* Files.rename(path, `${path}.${index + 1}`)
      // Names do not tell which is older: births have to, and some hosts' are as coarse as 10 ms.
      yield* Effect.sleep("12 millis")
      yield* append(path, `${index}\n`)
    }
    yield* equalsAll(yield* lines(tail, 6), ["0", "1", "2", "3", "4", "5"], "lines")
  }),

  law("TAIL-05", "a file that was cut is read on from its copy, then from its start", function* () {
    const path = `${yield* folder}/log`
    yield* write(path, "1\n2\n")
    const tail = yield* FileTail.open(path, { from: "start" })
    yield* equalsAll(yield* lines(tail, 2), ["1", "2"], "before")
    yield* append(path, "3\n")
    yield* cut(path, `${path}.1`)
    yield* append(path, "4\n5\n6\n7\n")
    yield* equalsAll(yield* lines(tail, 5), ["3", "4", "5", "6", "7"], "after")
    yield* cut(path, `${path}.2`)
    yield* append(path, "8\n")
    yield* equalsAll(yield* lines(tail, 1), ["8"], "after another one")
  }),

  law(
    "TAIL-06",
    "through rotations at any time, each line is given once, in order",
    function* () {
      const ways: ReadonlyArray<(path: string, round: number) => Step> = [
        (path) => rotate(path, 20),
        (path, round) => Files.rename(path, `${path}.${20_000_000 + round}`),
        (path, round) => cut(path, `${path}.${20_000_000 + round}`)
      ]
      for (const way of ways) {
        const path = `${yield* folder}/log`
        const tail = yield* FileTail.open(path)
        const count = 40
        const disturb = (round: number) => (round % 3 === 2 ? way(path, round) : Effect.void)
        const writer = yield* Effect.forkChild(writing(count, path, disturb))
        yield* equalsAll(yield* lines(tail, count), numbered(0, count), "lines")
        yield* Fiber.join(writer)
      }
    },
    { longerThan: "A file is rotated dozens of times" }
  ),

  law("TAIL-07", "a read that is interrupted loses nothing", function* () {
    const path = `${yield* folder}/log`
    yield* write(path, "")
    const tail = yield* FileTail.open(path)
    for (let round = 0; round < 10; round++) {
      const [waiting] = yield* beginning(tail.read, () => undefined)
      yield* append(path, `${round}\n`)
      yield* Fiber.interrupt(waiting)
      const exit = yield* Fiber.await(waiting)
      if (exit._tag === "Failure") {
        yield* equalsAll(yield* lines(tail, 1), [`${round}`], "the line")
      }
    }
  }),

  law("TAIL-08", "a second reader is Busy, and what ends the directory is told", function* () {
    const root = `${yield* folder}/logs`
    yield* Files.createDirectory(root)
    const tail = yield* FileTail.open(`${root}/log`)
    const [waiting] = yield* beginning(tail.read, () => undefined)
    yield* settle
    yield* failsWith("Busy", tail.read)
    yield* Files.removeDirectory(root)
    yield* failsWith("NotFound", Fiber.join(waiting))
    yield* failsWith("NotFound", FileTail.open(`${root}/log`))
    yield* rejects("path", FileTail.open(""))
    yield* rejects("generationsMax", FileTail.open(`${root}/log`, { generationsMax: 0 }))
  }),

  law("TAIL-13", "what is no regular file is refused, and followed once it is one", function* () {
    const path = `${yield* folder}/log`
    const tail = yield* FileTail.open(path)
    yield* Files.createDirectory(path)
    yield* rejects("path", FileTail.open(path))
    yield* rejects("path", tail.read)
    yield* Files.removeDirectory(path)
    yield* append(path, "one\n")
    yield* equalsAll(yield* lines(tail, 1), ["one"], "the line")
  })
])
