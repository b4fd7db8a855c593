/**
 * Calls whose messages carry their length, over TCP: the server takes one read for one message. A
 * client that is delayed between the length and the rest sends them apart.
 */
import { Tcp, type TcpStream } from "@portico/core"
import { Probe } from "@portico/sim"
import * as Effect from "effect/Effect"
import type { Canary } from "./Canary.ts"

const port = 80
const text = Uint8Array.from([7, 8, 9, 10])

const readByRead = (stream: TcpStream.TcpStream) =>
  Effect.map(stream.read, (bytes) => bytes.slice(1, 1 + bytes[0]!))

const readByLength = (stream: TcpStream.TcpStream) =>
  Effect.gen(function* () {
    const length = yield* stream.readExactly(1)
    return (yield* stream.readExactly(length[0]!)).slice()
  })

const call = Effect.gen(function* () {
  const stream = yield* Tcp.connect({ port })
  yield* stream.write(Uint8Array.of(text.length))
  yield* stream.write(text)
  const answer: Array<number> = []
  for (;;) {
    const bytes = yield* stream.read
    if (bytes.length === 0) break
    answer.push(...bytes)
  }
  yield* Probe.committed
  yield* Probe.always("an echo is what was sent", answer.join() === text.join(), answer.join())
}).pipe(Effect.scoped)

const scenario = (read: typeof readByRead) =>
  Effect.gen(function* () {
    const echo = (stream: TcpStream.TcpStream) =>
      Effect.flatMap(read(stream), (message) => stream.write(message))
    yield* Tcp.serve(echo, { port, connectionsMax: 10 })
    yield* Effect.all([call, call], { concurrency: "unbounded", discard: true })
  }).pipe(Effect.scoped)

export const framedCalls: Canary = {
  name: "framed calls",
  buggy: scenario(readByRead),
  fixed: scenario(readByLength),
  fails: "violation: always an echo is what was sent",
  seeds: 20
}
