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

const stubborn = Effect.gen(function* () {
  yield* Effect.addFinalizer(() =>
    Effect.andThen(Console.log("finalizing"), Effect.sleep("1 hour"))
  )
  yield* Console.log("ready")
  return yield* Effect.sleep("1 hour")
})

// A foreign timer, which must not hold a process that was told to stop.
const held = Effect.gen(function* () {
  setInterval(() => {}, 1_000_000)
  yield* Console.log("ready")
  return yield* Effect.never
})

const programs = {
  ends: Console.log("done"),
  fails: Effect.fail(new Purposeful()),
  held,
  idle,
  serving,
  stubborn,
  stuck: Effect.withSpan(Effect.never, "nobody answers")
}

BunBackend.runMain<unknown, unknown>(programs[process.argv[2] as keyof typeof programs])
