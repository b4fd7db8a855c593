/** Laws of how TLS streams end, and of what they hold on the way: the stream's own promises. */
import { type TcpStream, Tls } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import { concat, randomBytes, randomChunks } from "../Bytes.ts"
import { clog, clogBytes } from "../Clog.ts"
import { connectedPair, unixPair } from "../Connections.ts"
import { equals, failsWith, isTrue, sameBytes } from "../Expectation.ts"
import { handleCount } from "../HandleList.ts"
import { law, lawGroup } from "../Law.ts"
import { ends, isEnd, readAll, reads } from "../Streams.ts"
import { clientContext, exchange, secured, securePair, serverContext, tls } from "../TlsPairs.ts"
import { eventually, nextTurn, settle } from "../Turns.ts"

type Stream = TcpStream.TcpStream

const promptly = {
  client: { closeGrace: "10 millis" },
  server: { closeGrace: "10 millis" }
} as const

/** A TLS stream whose records pass through `middle`, which can end them without close_notify. */
const throughMiddle = (closeNotify: "compatible" | "strict") =>
  Effect.gen(function* () {
    const [front, back] = [yield* connectedPair(), yield* connectedPair()]
    const pump = (from: Stream, to: Stream): Effect.Effect<void> =>
      Effect.ignore(
        Effect.forever(
          Effect.flatMap(from.read, (bytes) => to.write(bytes)),
          {
            disableYield: true
          }
        )
      )
    yield* Effect.forkChild(pump(front.server, back.client))
    yield* Effect.forkChild(pump(back.client, front.server))
    const client = { closeNotify, serverName: "localhost", context: yield* clientContext() }
    const context = yield* serverContext()
    const [atClient, atServer] = yield* Effect.all(
      [Tls.client(front.client, client), Tls.server(back.server, { context })],
      { concurrency: 2 }
    )
    return { client: atClient, server: atServer, middle: front.server }
  })

export const TlsEndLaws = lawGroup("TLS: streams", [
  law(
    "TLS-08",
    "a FIN without close_notify fails the read when strict and ends the stream when compatible",
    function* () {
      const bytes = yield* randomBytes(40_000)
      for (const how of ["strict", "compatible"] as const) {
        const { client, middle, server } = yield* throughMiddle(how)
        yield* server.write(bytes)
        yield* sameBytes(yield* client.readExactly(bytes.length), bytes, "bytes before the end")
        yield* middle.shutdown
        if (how === "compatible") yield* ends(client)
        else {
          yield* failsWith("MissingCloseNotify", client.read)
          yield* failsWith("MissingCloseNotify", client.read)
        }
      }
    },
    tls
  ),

  law(
    "TLS-40",
    "a FIN without close_notify is told after the bytes before it, though nobody read them",
    function* () {
      const { client, middle, server } = yield* throughMiddle("strict")
      yield* server.write(Uint8Array.of(1, 2, 3))
      yield* client.awaitReadable
      yield* middle.shutdown
      yield* settle
      yield* reads(client, Uint8Array.of(1, 2, 3))
      yield* failsWith("MissingCloseNotify", client.read)
    },
    tls
  ),

  law(
    "TLS-09",
    "what was written right before close or shutdown is read before the end",
    function* () {
      for (const way of ["close", "shutdown"] as const) {
        const { client, server } = yield* securePair()
        const bytes = yield* randomBytes(100_000)
        const sending = yield* Effect.forkChild(Effect.andThen(server.write(bytes), server[way]))
        yield* sameBytes(yield* readAll(client), bytes, `before ${way}`)
        yield* ends(client)
        yield* Fiber.join(sending)
      }
    },
    tls
  ),

  law(
    "TLS-50",
    "close lets out what was written, also to a peer that reads only then",
    function* () {
      const { client, server } = yield* securePair({ client: { closeGrace: "10 seconds" } })
      const { bytes, writer } = yield* clog(client)
      const closing = yield* Effect.forkChild(client.close)
      yield* failsWith("Closed", Fiber.join(writer))
      const read = yield* readAll(server)
      // The write that waited is lost from where it stood.
      yield* isTrue(read.length >= bytes - 64 * 1024, `${read.length} of ${bytes} bytes came`)
      yield* ends(server)
      yield* Fiber.join(closing)
    },
    { ...tls, longerThan: "it encrypts what two kernels hold" }
  ),

  law(
    "TLS-41",
    "after shutdown the other direction goes on",
    function* () {
      const { client, server } = yield* securePair()
      yield* client.shutdown
      yield* ends(server)
      const bytes = yield* randomBytes(200_000)
      yield* Effect.forkChild(Effect.andThen(server.write(bytes), server.shutdown))
      yield* sameBytes(yield* readAll(client), bytes, "bytes of the half that is open")
      yield* failsWith("Closed", client.write(Uint8Array.of(1)))
      yield* equals(client.state._tag, "Ended", "state")
    },
    tls
  ),

  law(
    "TLS-42",
    "a peer that does not read stops the writer, who goes on when it does",
    function* () {
      const { client, server } = yield* securePair(promptly)
      const { bytes, writer } = yield* clog(client)
      yield* isTrue(bytes < clogBytes, `${bytes} bytes were taken unread`)
      yield* equals(server.counters.bytesRead, 0, "bytes read by nobody")
      const reading = yield* Effect.forkChild(server.readExactly(bytes))
      yield* Fiber.join(writer)
      yield* client.flush
      yield* Fiber.join(reading)
    },
    { ...tls, longerThan: "it encrypts what two kernels hold" }
  ),

  law(
    "TLS-43",
    "reads interrupted at random moments lose and repeat nothing",
    function* () {
      const { client, server } = yield* securePair()
      const bytes = yield* randomBytes(40_000)
      const sending = Effect.gen(function* () {
        for (const chunk of yield* randomChunks(bytes, 4_000)) {
          yield* client.write(chunk)
          yield* nextTurn
        }
        yield* client.shutdown
      })
      yield* Effect.forkChild(sending)
      const chunks: Array<Uint8Array> = []
      for (;;) {
        const reading = yield* Effect.forkChild(server.read, { startImmediately: true })
        yield* Effect.repeat(nextTurn, { times: yield* Random.nextIntBetween(0, 3) })
        yield* Fiber.interrupt(reading)
        const exit = yield* Fiber.await(reading)
        if (Exit.isFailure(exit)) continue
        if (isEnd(exit.value)) break
        chunks.push(exit.value)
      }
      yield* sameBytes(concat(chunks), bytes, "bytes")
    },
    tls
  ),

  law(
    "TLS-44",
    "bytes on loan stay as they are until the next read",
    function* () {
      const { client, server } = yield* securePair()
      yield* client.write(new Uint8Array(1_000).fill(1))
      const lent = yield* server.readBorrowed
      yield* client.write(new Uint8Array(1_000).fill(2))
      yield* settle
      yield* sameBytes(lent, new Uint8Array(lent.length).fill(1), "bytes on loan")
      yield* server.readExactly(2_000 - lent.length)
    },
    tls
  ),

  law(
    "TLS-45",
    "an array is the writer's again when its write has succeeded",
    function* () {
      const { client, server } = yield* securePair()
      const reading = yield* Effect.forkChild(server.readExactly(40 * 10_000))
      const bytes = new Uint8Array(10_000)
      for (let round = 0; round < 40; round++) {
        bytes.fill(round)
        yield* client.write(bytes)
      }
      const all = yield* Fiber.join(reading)
      for (let round = 0; round < 40; round++) {
        const part = all.subarray(round * 10_000, (round + 1) * 10_000)
        yield* sameBytes(part, new Uint8Array(10_000).fill(round), `write ${round}`)
      }
    },
    tls
  ),

  law(
    "TLS-46",
    "reset and unread bytes reach the peer as ConnectionReset",
    function* () {
      // A server that is still writing its tickets meets the reset there, where nobody looks.
      const first = yield* securePair()
      yield* exchange(first)
      yield* first.client.reset
      yield* failsWith("ConnectionReset", first.server.read)
      const second = yield* securePair()
      yield* exchange(second)
      yield* second.client.write(Uint8Array.of(1))
      yield* second.server.awaitReadable
      yield* second.server.close
      yield* failsWith("ConnectionReset", second.client.read)
    },
    { capability: { name: "resetClose", ask: Effect.flatMap(securePair(), (p) => p.client.reset) } }
  ),

  law(
    "TLS-47",
    "TLS runs over Unix sockets; addresses are those of the stream below",
    function* () {
      const plain = yield* unixPair
      const address = yield* plain.client.peerAddress
      const { client, server } = yield* secured(plain)
      yield* client.write(Uint8Array.of(4, 5))
      yield* reads(server, Uint8Array.of(4, 5))
      yield* equals(String(yield* client.peerAddress), String(address), "peer address")
      yield* failsWith("Unsupported", client.setNoDelay(true))
    },
    tls
  ),

  law(
    "TLS-48",
    "errors and waits name the TLS stream's operations",
    function* () {
      const { client } = yield* securePair()
      const reading = yield* Effect.forkChild(client.read, { startImmediately: true })
      yield* eventually(
        "waits",
        Effect.sync(() => client.waits.length > 0)
      )
      yield* equals(client.waits[0]?.operation, "TlsStream.read", "operation of the wait")
      const busy = yield* failsWith("Busy", client.read)
      yield* equals(busy.operation, "TlsStream.read", "operation of the error")
      yield* isTrue(client.label.startsWith("TlsStream #"), client.label)
      yield* Fiber.interrupt(reading)
    },
    tls
  ),

  law(
    "TLS-49",
    "closing a TLS stream wakes who waits with Closed and leaves no handle",
    function* () {
      const before = yield* handleCount
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { client } = yield* securePair()
          const reading = yield* Effect.forkChild(failsWith("Closed", client.read))
          yield* eventually(
            "waits",
            Effect.sync(() => client.waits.length > 0)
          )
          yield* client.close
          yield* Fiber.join(reading)
        })
      )
      yield* equals(yield* handleCount, before, "handles")
    },
    tls
  )
])
