/** Laws of how many file requests the host has, in which order, and what interruption leaves. */
import { EventLoop, Files } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { ascii } from "../Bytes.ts"
import { equals, equalsAll, fails, failsWith, isTrue, sameBytes } from "../Expectation.ts"
import { fileLaw, make } from "../FileLaw.ts"
import { FileValve } from "../FileValve.ts"
import { withPorts } from "../FaultyPorts.ts"
import { lawGroup } from "../Law.ts"
import { settle } from "../Turns.ts"

/** What may wait on one backend. */
const waitingMax = 10_000

const forked = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.forkChild(effect, { startImmediately: true })

const isDone = (fiber: Fiber.Fiber<unknown, unknown>) => fiber.pollUnsafe() !== undefined

/** Runs `body` over the files behind a valve, and opens that at the end. */
const behind = <A, E, R>(valve: FileValve, body: Effect.Effect<A, E, R>) =>
  withPorts(
    valve.change,
    Effect.scoped(
      Effect.ensuring(
        body,
        Effect.sync(() => valve.open())
      )
    )
  )

export const FileLaneLaws = lawGroup("File requests", [
  fileLaw("FS-40", "the host has no more requests at once than it takes", function* (directory) {
    const valve = new FileValve(3)
    yield* Files.writeFile(`${directory}/a`, ascii("abc"))
    const body = Effect.gen(function* () {
      const file = yield* Files.open(`${directory}/a`)
      const reads = Array.from({ length: 50 }, () => file.readAt(1, 1))
      const stats = Array.from({ length: 50 }, () => Files.stat(directory))
      yield* Effect.all([...reads, ...stats], { concurrency: "unbounded" })
      yield* equals(valve.mostAtOnce, 3, "requests at once")
    })
    yield* behind(valve, body)
  }),

  fileLaw(
    "FS-41",
    "requests in line go out in the order in which they came",
    function* (directory) {
      const valve = new FileValve(1)
      const names = Array.from({ length: 20 }, (_, index) => `${directory}/${index}`)
      const body = Effect.gen(function* () {
        const makes = names.map((path) => Files.createDirectory(path))
        yield* Effect.all(makes, { concurrency: "unbounded" })
        const expected = names.map((path) => `createDirectory ${path}`)
        yield* equalsAll(valve.asked, expected, "asked for")
      })
      yield* behind(valve, body)
    }
  ),

  fileLaw(
    "FS-42",
    "beyond ten thousand in line a request is refused, and what is given back is not",
    function* (directory) {
      const valve = new FileValve(1)
      const body = Effect.gen(function* () {
        const file = yield* make(directory, "a")
        valve.isShut = true
        const stats = yield* Effect.forEach(Array.from({ length: waitingMax + 1 }), () =>
          forked(Files.stat(directory))
        )
        const refused = yield* failsWith("ResourceExhausted", Files.stat(directory))
        yield* equals(refused.path, directory, "path")
        yield* failsWith("ResourceExhausted", file.readAt(0, 1))
        yield* failsWith("ResourceExhausted", file.read(1))
        const closing = yield* forked(file.close)
        yield* Fiber.interruptAll(stats)
        valve.open()
        yield* Fiber.join(closing)
        yield* equals((yield* Files.stat(directory)).kind, "directory", "kind")
      })
      yield* behind(valve, body)
    }
  ),

  fileLaw("FS-43", "interrupted in line, a request never runs", function* (directory) {
    const valve = new FileValve(1)
    yield* Files.writeFile(`${directory}/a`, ascii("abc"))
    const body = Effect.gen(function* () {
      const file = yield* Files.open(`${directory}/a`, { access: "readWrite" })
      valve.isShut = true
      // What may hold a thread for long has a line of its own.
      const first = [yield* forked(Files.stat(directory)), yield* forked(file.sync)]
      const buffer = ascii("xyz")
      const later = [
        yield* forked(Files.remove(`${directory}/a`)),
        yield* forked(file.writeAt(0, buffer)),
        yield* forked(file.write(buffer)),
        yield* forked(file.write(buffer)),
        yield* forked(file.truncate(0)),
        yield* forked(
          Effect.scoped(Files.open(`${directory}/b`, { access: "write", create: "exclusive" }))
        )
      ]
      const before = valve.asked.length
      yield* Fiber.interruptAll(later)
      valve.open()
      yield* Fiber.joinAll(first)
      yield* settle
      yield* equals(valve.asked.length, before, "requests of the host")
      yield* sameBytes(yield* file.read(10), ascii("abc"), "content")
      yield* failsWith("NotFound", Files.stat(`${directory}/b`))
    })
    yield* behind(valve, body)
  }),

  fileLaw("FS-17", "a file that is opened after its interruption is closed", function* (directory) {
    const valve = new FileValve()
    yield* Files.writeFile(`${directory}/a`, ascii("abc"))
    const body = Effect.gen(function* () {
      valve.isShut = true
      const opening = yield* forked(Effect.scoped(Files.open(`${directory}/a`)))
      yield* equals(valve.held.length, 1, "held")
      yield* Fiber.interrupt(opening)
      yield* isTrue(isDone(opening), "The interruption should not wait for the host")
      valve.open()
      yield* valve.until(() => valve.asked.includes("close"))
    })
    yield* behind(valve, body)
  }),

  fileLaw(
    "FS-44",
    "memory that was lent is not written after the interruption was observed",
    function* (directory) {
      const valve = new FileValve(1)
      yield* Files.writeFile(`${directory}/a`, ascii("abc"))
      const body = Effect.gen(function* () {
        const file = yield* Files.open(`${directory}/a`)
        valve.isShut = true
        const [begun, queued] = [new Uint8Array(3), new Uint8Array(3)]
        const reading = yield* forked(file.readIntoAt(0, begun))
        const waiting = yield* forked(file.readIntoAt(0, queued))
        yield* Fiber.interrupt(waiting)
        const interrupting = yield* forked(Fiber.interrupt(reading))
        yield* settle
        yield* isTrue(!isDone(interrupting), "The interruption should wait for the host")
        valve.open()
        yield* Fiber.join(interrupting)
        const [seen, untouched] = [begun.slice(), queued.slice()]
        yield* settle
        yield* sameBytes(begun, seen, "what was with the host")
        yield* sameBytes(untouched, new Uint8Array(3), "what was in line")
        yield* sameBytes(queued, untouched, "what was in line")
      })
      yield* behind(valve, body)
    }
  ),

  fileLaw("FS-45", "a read by the cursor that is interrupted has moved it", function* (directory) {
    const valve = new FileValve()
    yield* Files.writeFile(`${directory}/a`, ascii("abcdef"))
    const body = Effect.gen(function* () {
      const file = yield* Files.open(`${directory}/a`)
      valve.isShut = true
      const reading = yield* forked(file.read(2))
      const next = yield* forked(file.read(2))
      yield* Fiber.interrupt(reading)
      yield* isTrue(!isDone(next), "The next should wait for the cursor")
      valve.open()
      yield* sameBytes(yield* Fiber.join(next), ascii("cd"), "the next")
    })
    yield* behind(valve, body)
  }),

  fileLaw(
    "FS-15",
    "closing waits for what the host has and refuses what is in line",
    function* (directory) {
      const valve = new FileValve(1)
      yield* Files.writeFile(`${directory}/a`, ascii("abc"))
      const body = Effect.gen(function* () {
        const file = yield* Files.open(`${directory}/a`)
        valve.isShut = true
        const reading = yield* forked(file.readAt(0, 10))
        const waiting = yield* forked(file.readAt(0, 10))
        const closing = yield* forked(file.close)
        const again = yield* forked(file.close)
        yield* failsWith("Closed", Fiber.join(waiting))
        yield* failsWith("Closed", file.readAt(0, 1))
        yield* failsWith("Closed", file.stat)
        yield* equals(file.state._tag, "Closing", "state")
        yield* isTrue(!valve.asked.includes("close"), "It should not be closed yet")
        valve.open()
        yield* sameBytes(yield* Fiber.join(reading), ascii("abc"), "what was read")
        yield* Fiber.join(closing)
        yield* Fiber.join(again)
        yield* file.close
        yield* failsWith("Closed", file.read(1))
        const closes = valve.asked.filter((name) => name === "close")
        yield* equals(closes.length, 1, "closes")
      })
      yield* behind(valve, body)
    }
  ),

  fileLaw("FS-48", "closing refuses all that wait for the cursor", function* (directory) {
    const valve = new FileValve(1)
    yield* Files.writeFile(`${directory}/a`, ascii("abc"))
    const body = Effect.gen(function* () {
      const file = yield* Files.open(`${directory}/a`)
      const other = yield* Files.open(`${directory}/a`)
      valve.isShut = true
      const holding = yield* forked(other.read(1))
      const waiting = [yield* forked(file.read(1)), yield* forked(file.read(1))]
      const before = valve.asked.length
      const closing = yield* forked(file.close)
      for (const one of waiting) yield* failsWith("Closed", Fiber.join(one))
      valve.open()
      yield* Fiber.join(closing)
      yield* sameBytes(yield* Fiber.join(holding), ascii("a"), "the other file")
      yield* equalsAll(valve.asked.slice(before), ["close"], "asked for")
    })
    yield* behind(valve, body)
  }),

  fileLaw("FS-46", "reads that race with a close never meet another file", function* (directory) {
    yield* Files.writeFile(`${directory}/a`, ascii("a".repeat(100)))
    yield* Files.writeFile(`${directory}/b`, ascii("b".repeat(100)))
    for (let time = 0; time < 20; time++) {
      const file = yield* Files.open(`${directory}/a`)
      const reads = Array.from({ length: 12 }, () => Effect.exit(file.readAt(0, 100)))
      const others = Array.from({ length: 4 }, () =>
        Effect.scoped(Effect.flatMap(Files.open(`${directory}/b`), (other) => other.readAt(0, 100)))
      )
      const [seen] = yield* Effect.all(
        [
          Effect.all(reads, { concurrency: "unbounded" }),
          file.close,
          Effect.all(others, { concurrency: "unbounded" })
        ],
        { concurrency: "unbounded" }
      )
      for (const exit of seen) {
        if (Exit.isSuccess(exit)) yield* sameBytes(exit.value, ascii("a".repeat(100)), "read")
        else yield* failsWith("Closed", exit)
      }
    }
  }),

  fileLaw("FS-47", "open files and what waits on them are listed", function* (directory) {
    const valve = new FileValve()
    const body = Effect.gen(function* () {
      const { handles, operations } = yield* EventLoop.EventLoop
      const file = yield* make(directory, "a")
      yield* file.write(ascii("abc"))
      yield* isTrue(file.site?.includes("/testkit/") === true, `site is ${file.site}`)
      yield* equals(file.label, `File #${file.id} ${directory}/a`, "label")
      yield* equals(file.counters.bytesWritten, 3, "bytes written")
      valve.isShut = true
      const writing = yield* forked(file.write(ascii("defg")))
      const looking = yield* forked(Files.stat(`${directory}/a`))
      const listed = (yield* handles).find(({ id, kind }) => kind === "File" && id === file.id)
      if (listed === undefined) return yield* fails("The file should be listed")
      yield* equalsAll(
        listed.waits.map(({ operation }) => operation),
        ["File.write"],
        "waits"
      )
      yield* equals(listed.counters.bytesQueued, 4, "bytes queued")
      const pending = yield* operations
      const asked = pending.find(({ operation }) => operation === "Files.stat")
      yield* equals(asked?.address, `${directory}/a`, "what is asked for")
      valve.open()
      yield* Fiber.join(writing)
      yield* Fiber.join(looking)
    })
    yield* behind(valve, body)
  })
])
