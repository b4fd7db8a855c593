/** Laws of closing a stream: it always closes, it wakes everyone, it has a grace period. */
import type { TcpStream } from "@portico/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { ascii, randomBytes } from "../Bytes.ts"
import { clog, clogBytes, fill } from "../Clog.ts"
import { connectedPair, unixPair } from "../Connections.ts"
import { equals, failsWith, isTrue, rejects, sameBytes } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { ends, readAll, reads, resetByClosing } from "../Streams.ts"
import { eventually, parked } from "../Turns.ts"

const promptly = { closeGrace: "10 millis" } as const
const byte = new Uint8Array([1])

/** Everything that a stream can be asked for. */
const everyCall = (stream: TcpStream.TcpStream) => [
  stream.read,
  stream.readBorrowed,
  stream.readUpTo(1),
  stream.readInto(new Uint8Array(1)),
  stream.readExactly(1),
  stream.readUntil(byte),
  stream.tryRead,
  stream.write(byte),
  stream.writeAll([byte]),
  stream.tryWrite(byte),
  stream.flush,
  stream.awaitReadable,
  stream.awaitWritable,
  stream.setNoDelay(true)
]

/** Half of the default grace period, and fifty times the one that these laws ask for. */
const promptMillis = 500

const closesPromptly = (stream: TcpStream.TcpStream) =>
  Effect.gen(function* () {
    const before = yield* Clock.currentTimeMillis
    yield* stream.close
    const elapsed = (yield* Clock.currentTimeMillis) - before
    yield* isTrue(elapsed < promptMillis, `Closing took ${elapsed} ms`)
  })

export const CloseLaws = lawGroup("Closing", [
  law("TCP-18", "closing wakes a waiting reader with Closed", function* () {
    const { client } = yield* connectedPair()
    const reading = yield* Effect.forkChild(failsWith("Closed", client.read), {
      startImmediately: true
    })
    yield* parked(client)
    yield* client.close
    yield* Fiber.join(reading)
  }),

  law("TCP-19", "closing wakes waiting writers with Closed", function* () {
    const { client } = yield* connectedPair(promptly)
    yield* fill(client)
    const waiting = yield* Effect.forEach(
      [client.write(new Uint8Array(clogBytes)), client.write(byte), client.flush],
      (effect) => Effect.forkChild(failsWith("Closed", effect), { startImmediately: true })
    )
    yield* parked(client)
    yield* client.close
    yield* Fiber.joinAll(waiting)
  }),

  law("CLOSE-01", "closing wakes both readiness waiters with Closed", function* () {
    const { client } = yield* connectedPair(promptly)
    yield* fill(client)
    const waiting = yield* Effect.forEach([client.awaitReadable, client.awaitWritable], (effect) =>
      Effect.forkChild(failsWith("Closed", effect), { startImmediately: true })
    )
    yield* parked(client, 2)
    yield* client.close
    yield* Fiber.joinAll(waiting)
  }),

  law("CLOSE-02", "after close every call fails with Closed", function* () {
    const { client } = yield* connectedPair()
    yield* client.close
    for (const call of everyCall(client)) yield* failsWith("Closed", call)
    yield* client.close
  }),

  law("CLOSE-03", "bytes accepted before close still reach the peer", function* () {
    const { client, server } = yield* connectedPair()
    for (const text of ["a", "few ", "small ", "ones"]) yield* client.write(ascii(text))
    yield* client.close
    yield* sameBytes(yield* readAll(server), ascii("afew small ones"), "bytes read")
  }),

  law("CLOSE-04", "a large write that returned reaches a peer that reads", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(2_000_000)
    yield* Effect.forkChild(Effect.andThen(client.write(bytes), client.close))
    yield* sameBytes(yield* readAll(server), bytes, "bytes read")
  }),

  law(
    "CLOSE-05",
    "close waits at most its grace period for a peer that does not read",
    function* () {
      const { client, server } = yield* connectedPair(promptly)
      const pieceBytes = 1024
      const { bytes } = yield* clog(client, pieceBytes)
      yield* closesPromptly(client)
      yield* equals(client.state._tag, "Closed", "state")
      // The host may have found room for the rest. If not, the stream must not look complete: every
      // byte was promised but those of the write that waited.
      const reading = yield* Effect.exit(readAll(server))
      if (Exit.isFailure(reading)) return
      const missing = bytes - pieceBytes - reading.value.length
      yield* isTrue(missing <= 0, `An orderly end, and ${missing} bytes are missing`)
    }
  ),

  law("CLOSE-06", "a grace period above ten minutes is an argument error", function* () {
    yield* rejects("closeGrace", connectedPair({ closeGrace: "11 minutes" }))
    yield* rejects("closeGrace", connectedPair({ closeGrace: -1 }))
  }),

  law("TCP-33", "an interrupted close still closes", function* () {
    const { client, server } = yield* connectedPair()
    const closing = yield* Effect.forkChild(client.close, { startImmediately: true })
    yield* Fiber.interrupt(closing)
    yield* equals(client.state._tag, "Closed", "state")
    yield* ends(server)
  }),

  law("CLOSE-08", "a stream whose reading failed closes without grace", function* () {
    const { client, server } = yield* connectedPair()
    yield* resetByClosing(server, client)
    yield* failsWith("ConnectionReset", client.read)
    yield* closesPromptly(client)
    yield* equals(client.state._tag, "Closed", "state")
  }),

  law("CLOSE-11", "a stream whose writing failed closes without grace", function* () {
    const { client, server } = yield* connectedPair()
    yield* resetByClosing(server, client)
    const write = Effect.exit(client.write(new Uint8Array([1])))
    yield* eventually(
      "a write fails",
      Effect.map(write, (exit) => exit._tag === "Failure")
    )
    yield* closesPromptly(client)
    yield* equals(client.state._tag, "Closed", "state")
  }),

  law("CLOSE-10", "closing one end of a Unix stream ends the other", function* () {
    const { client, server } = yield* unixPair
    yield* client.write(byte)
    yield* client.close
    yield* reads(server, byte)
    yield* ends(server)
  })
])
