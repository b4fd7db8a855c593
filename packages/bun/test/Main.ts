/** Programs for `runMain`, by name: each is what a process can be doing when it ends. */
import { BunBackend } from "@portico/bun"
import { Tcp } from "@portico/core"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

class Purposeful extends Data.TaggedError("Purposeful") {
  override readonly message = "on purpose"
}

const serving = Effect.gen(function* () {
  yield* Effect.addFinalizer(() => Console.log("finalized"))
  yield* Tcp.listen({ port: 0 })
  yield* Console.log("ready")
  return yield* Effect.never
})

const idle = Effect.gen(function* () {
  yield* Effect.addFinalizer(() => Console.log("finalized"))
  const listener = yield* Tcp.listen({ port: 0 })
  yield* listener.unref
  return yield* Effect.never
})

const programs = {
  ends: Console.log("done"),
  fails: Effect.fail(new Purposeful()),
  idle,
  serving,
  stuck: Effect.never
}

BunBackend.runMain<unknown, unknown>(programs[process.argv[2] as keyof typeof programs])
