/**
 * Handlers that hold the thread for 100 ms, each woken in its own way. `blocked` is printed when
 * the thread is free again.
 */
import { writeSync } from "node:fs"
import { Address, Tcp, type TcpStream } from "@portico/core"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"

const block = Effect.sync(() => {
  const end = performance.now() + 100
  while (performance.now() < end);
  writeSync(1, "blocked\n")
})

const wokenByIo = Effect.fn("wokenByIo")(function* (stream: TcpStream.TcpStream) {
  yield* stream.read
  yield* block
  yield* stream.read
})

const forked = Effect.fn("forked")(function* () {
  yield* block
})

const wokenByPromise = Effect.fn("wokenByPromise")(function* () {
  yield* Effect.promise(() => Promise.resolve())
  yield* block
})

const wokenByTimer = Effect.fn("wokenByTimer")(function* () {
  yield* Effect.sleep("1 millis")
  yield* block
})

const ready = Console.log("ready")

const hold = <A, E, R>(handler: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    // So that the process stays whatever becomes of the handler.
    yield* Tcp.listen({ port: 0 })
    yield* ready
    yield* Effect.forkChild(handler)
    return yield* Effect.never
  })

const io = Effect.gen(function* () {
  const server = yield* Tcp.serve(wokenByIo, { port: 0, connectionsMax: 10 })
  const client = yield* Tcp.connect(Address.toInput(server.address))
  yield* ready
  yield* client.write(new Uint8Array([1]))
  return yield* client.read
})

export const blocks = {
  forked: hold(forked()),
  wokenByIo: io,
  wokenByPromise: hold(wokenByPromise()),
  wokenByTimer: hold(wokenByTimer())
}
