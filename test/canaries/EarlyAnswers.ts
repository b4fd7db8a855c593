/**
 * A server that refuses an upload by its first bytes, answers, and closes. What it did not read
 * makes of the close a reset, and a reset overtakes an answer that was lost on its way. The fixed
 * one ends its side, reads to the end, and closes then.
 */
import { Tcp, type TcpStream } from "@portico/core"
import { Probe, SimWorld } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { Canary } from "./Canary.ts"

const port = 80
const uploads = 5
const header = Uint8Array.of(1)
const body = new Uint8Array(8).fill(2)
const answerBytes = 64
/** Longer than TCP tries. */
const patience = "20 minutes"

const untilEnd = (stream: TcpStream.TcpStream) =>
  Effect.gen(function* () {
    let bytes = 0
    for (;;) {
      const { length } = yield* stream.read
      if (length === 0) return bytes
      bytes += length
    }
  })

const refuse = (stream: TcpStream.TcpStream, isFixed: boolean) =>
  Effect.gen(function* () {
    yield* stream.read
    yield* stream.write(new Uint8Array(answerBytes))
    if (!isFixed) return yield* stream.close
    yield* stream.shutdown
    yield* Effect.timeout(untilEnd(stream), patience)
  }).pipe(Effect.ignore)

const serve = (isFixed: boolean) =>
  Effect.gen(function* () {
    const options = { host: "0.0.0.0", port, connectionsMax: 10 }
    yield* Tcp.serve((stream) => refuse(stream, isFixed), options)
    return yield* Effect.never
  }).pipe(Effect.scoped)

/** Gives how many bytes of the answer came. */
const upload = Effect.gen(function* () {
  const connect = Tcp.connect({ host: "server", port })
  const stream = yield* Effect.retry(connect, Schedule.spaced("10 millis"))
  yield* stream.write(header)
  yield* Effect.sleep("100 micros")
  yield* Effect.ignore(Effect.andThen(stream.write(body), stream.shutdown))
  return yield* Effect.orElseSucceed(Effect.timeout(untilEnd(stream), patience), () => 0)
}).pipe(Effect.scoped)

const scenario = (isFixed: boolean, families: SimWorld.SwarmOptions["families"]) => ({
  world: Effect.gen(function* () {
    const world = yield* SimWorld.World
    const [server, client] = [yield* world.host("server"), yield* world.host("client")]
    yield* server.start(() => serve(isFixed))
    yield* world.swarm({ families })
    for (let count = 0; count < uploads; count++) {
      const bytes = yield* client.run(upload)
      yield* Probe.committed
      yield* Probe.always("who uploads is answered", bytes === answerBytes, `${bytes} bytes`)
    }
  })
})

// Nothing is cut off for longer than TCP tries: an answer must come.
const families: SimWorld.SwarmOptions["families"] = [
  "latency",
  "loss",
  "duplicate",
  "reorder",
  "reads"
]

export const earlyAnswers: Canary = {
  name: "early answers",
  buggy: scenario(false, families),
  calm: scenario(false, []),
  fixed: scenario(true, families),
  fails: "violation: always who uploads is answered",
  seeds: 20
}
