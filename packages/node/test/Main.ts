/** Programs for `runMain`, by name: each is what a process can be doing when it ends. */
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Address, Files, Tcp } from "@portico/core"
import { NodeBackend } from "@portico/node"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"

class Purposeful extends Data.TaggedError("Purposeful") {
  override readonly message = "on purpose"
}

const finalized = Effect.addFinalizer(() => Console.log("finalized"))

const serving = Effect.gen(function* () {
  yield* finalized
  const server = yield* Tcp.serve(
    (stream) => Effect.andThen(stream.read, stream.write(new Uint8Array([1]))),
    { port: 0, connectionsMax: 1 }
  )
  const stream = yield* Tcp.connect(Address.toInput(server.address))
  // The handler waits for this byte, which comes while the server drains.
  yield* Effect.addFinalizer(() => Effect.ignore(stream.write(new Uint8Array([2]))))
  yield* Console.log("ready")
  return yield* Effect.never
})

const stubborn = Effect.gen(function* () {
  yield* Effect.addFinalizer(() =>
    Effect.andThen(Console.log("finalizing"), Effect.sleep("1 hour"))
  )
  yield* Console.log("ready")
  return yield* Effect.sleep("1 hour")
})

const idle = Effect.gen(function* () {
  yield* finalized
  const listener = yield* Tcp.listen({ port: 0 })
  yield* listener.unref
  return yield* Effect.never
})

const stuck = Effect.gen(function* () {
  yield* finalized
  return yield* Effect.withSpan(Effect.never, "nobody answers")
})

// A foreign timer, which must not hold a process that was told to stop.
const held = Effect.gen(function* () {
  setInterval(() => {}, 1_000_000)
  yield* finalized
  yield* Console.log("ready")
  return yield* Effect.never
})

// A thread of the host's pool stands in the open of a pipe that nobody writes.
const opening = Effect.gen(function* () {
  const folder = mkdtempSync(join(tmpdir(), "opening-"))
  // Not before: the thread may be slow to come to it.
  process.on("exit", () => rmSync(folder, { recursive: true }))
  const pipe = join(folder, "pipe")
  execFileSync("mkfifo", [pipe])
  yield* Effect.forkChild(Files.open(pipe), { startImmediately: true })
  yield* Console.log("ready")
  return yield* Effect.never
})

const failingFinalizer = Effect.gen(function* () {
  yield* Effect.addFinalizer(() => Effect.die(new Error("in a finalizer")))
  yield* Console.log("ready")
  return yield* Effect.sleep("1 hour")
})

const programs = {
  dies: Effect.die(new Error("a bug")),
  ends: Console.log("done"),
  fails: Effect.fail(new Purposeful()),
  failingFinalizer,
  fails7: Effect.fail(Object.assign(new Error("seven"), { [Runtime.errorExitCode]: 7 })),
  held,
  idle,
  interrupts: Effect.interrupt,
  logs: Effect.andThen(Effect.logInfo("told"), Console.log("printed")),
  opening,
  serving,
  stubborn,
  stuck
}

NodeBackend.runMain<unknown, unknown>(programs[process.argv[2] as keyof typeof programs])
