/** Laws of handshakes: how one begins, what it leaves when it fails, and how long it may take. */
import { type IoError, Tcp, type TcpStream, Tls } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { ascii, concat } from "../Bytes.ts"
import { connectedPair, connectTo, inputOf, listening } from "../Connections.ts"
import { equals, failsWith, isTrue, sameBytes } from "../Expectation.ts"
import { handleCount, handles } from "../HandleList.ts"
import { law, lawGroup } from "../Law.ts"
import { reads } from "../Streams.ts"
import { clientContext, handshakes, secured, securePair, serverContext, tls } from "../TlsPairs.ts"
import { eventually, parked } from "../Turns.ts"

type Stream = TcpStream.TcpStream

/** The peer has gone, by FIN or by RST. */
const isGone = (stream: Stream) =>
  Effect.flatMap(Effect.result(readToEnd(stream)), (result) =>
    isTrue(
      result._tag === "Success" || result.failure.reason._tag === "ConnectionReset",
      `The stream should end: ${String(result)}`
    )
  )

const readToEnd = (stream: Stream): Effect.Effect<void, IoError.IoError> =>
  Effect.flatMap(stream.read, (bytes) => (bytes.length === 0 ? Effect.void : readToEnd(stream)))

const ours = Effect.map(clientContext(), (context) => ({ serverName: "localhost", context }))

export const TlsHandshakeLaws = lawGroup("TLS: handshake", [
  law(
    "TLS-07",
    "an end of the stream in the middle of the handshake is HandshakeEnded",
    function* () {
      for (const side of ["client", "server"] as const) {
        const plain = yield* connectedPair()
        const both = yield* handshakes(plain)
        const peer = side === "client" ? plain.server : plain.client
        const shaking = yield* Effect.forkChild(failsWith("HandshakeEnded", both[side]))
        if (side === "client") yield* peer.read
        else yield* peer.write(Uint8Array.of(22, 3, 1))
        yield* peer.shutdown
        yield* Fiber.join(shaking)
      }
    },
    tls
  ),

  law(
    "TLS-12",
    "an interrupted handshake closes the connection and leaves no handle",
    function* () {
      const before = yield* handleCount
      const { client, server } = yield* connectTo(yield* listening)
      const shaking = yield* Effect.forkChild(Effect.scoped(Tls.client(client, yield* ours)))
      yield* server.awaitReadable
      yield* equals(client.state._tag, "TakenOver", "state in the handshake")
      yield* Fiber.interrupt(shaking)
      yield* equals(client.state._tag, "Closed", "state")
      yield* isGone(server)
      yield* equals((yield* handleCount) - before, 2, "the listener and the peer's end")
    },
    tls
  ),

  law(
    "TLS-13",
    "a client that never finishes its handshake is dropped at the deadline, and holds up nobody",
    function* () {
      const server = yield* Tls.serve(
        (stream) => Effect.flatMap(stream.read, (bytes) => stream.write(bytes)),
        {
          port: 0,
          connectionsMax: 10,
          context: yield* serverContext(),
          handshakeTimeout: "150 millis"
        }
      )
      const silent = yield* Tcp.connect(inputOf(server.address))
      yield* eventually(
        "the handshake begins",
        Effect.map(server.handshakes, ({ pending }) => pending === 1)
      )
      const stream = yield* Tls.connect({
        ...inputOf(server.address),
        context: yield* clientContext()
      })
      yield* stream.write(Uint8Array.of(1))
      yield* reads(stream, Uint8Array.of(1))
      yield* isGone(silent)
      yield* eventually(
        "the failure is counted",
        Effect.map(server.handshakes, ({ failed, pending }) => failed === 1 && pending === 0)
      )
      yield* equals((yield* server.counters).failed, 0, "handlers that failed")
    },
    tls
  ),

  law(
    "TLS-31",
    "a handshake takes its time limit and not more: TimedOut, and the stream is closed",
    function* () {
      const { client } = yield* connectedPair()
      const options = { ...(yield* ours), handshakeTimeout: "20 millis" } as const
      const error = yield* failsWith("TimedOut", Tls.client(client, options))
      yield* equals(error.operation, "Tls.client", "operation")
      yield* equals(client.state._tag, "Closed", "state")
    },
    tls
  ),

  law(
    "TLS-32",
    "plain text on a TLS port is NotTls, for the client and for the server",
    function* () {
      const first = yield* connectedPair()
      yield* first.client.write(ascii("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
      const context = yield* serverContext()
      yield* failsWith("NotTls", Tls.server(first.server, { context }))
      yield* isGone(first.client)
      const second = yield* connectedPair()
      yield* second.server.write(ascii("220 mail.example ESMTP\r\n"))
      yield* failsWith("NotTls", Tls.client(second.client, yield* ours))
      yield* isGone(second.server)
    },
    tls
  ),

  law(
    "TLS-33",
    "STARTTLS: what was written before leaves first, what came and was not read is TLS",
    function* () {
      const line = ascii("STARTTLS\n")
      const ways = [
        (stream: Stream) => stream.readUntil(ascii("\n")),
        (stream: Stream) => stream.readUpTo(line.length)
      ]
      for (const read of ways) {
        const [front, back] = [yield* connectedPair(), yield* connectedPair()]
        // Between the two, so that the line and the first record come in one piece.
        const between = Effect.gen(function* () {
          const start = yield* front.server.readExactly(line.length + 1)
          yield* back.client.write(concat([start, yield* front.server.read]))
          yield* pump(front.server, back.client)
        })
        yield* Effect.forkChild(between)
        yield* Effect.forkChild(pump(back.client, front.server))
        yield* front.client.write(line)
        const answering = Effect.gen(function* () {
          yield* sameBytes(yield* read(back.server), line, "line")
          return yield* Tls.server(back.server, { context: yield* serverContext() })
        })
        const [client, server] = yield* Effect.all(
          [Tls.client(front.client, yield* ours), answering],
          { concurrency: 2 }
        )
        yield* client.write(Uint8Array.of(7, 7))
        yield* reads(server, Uint8Array.of(7, 7))
      }
    },
    tls
  ),

  law(
    "TLS-34",
    "a stream that became TLS fails with Closed, is not listed, and closes with the other",
    function* () {
      const { client, plain, server } = yield* securePair()
      yield* failsWith("Closed", plain.client.read)
      yield* failsWith("Closed", plain.client.write(Uint8Array.of(1)))
      yield* failsWith("Closed", Effect.scoped(Tls.client(plain.client, yield* ours)))
      const listed = (yield* handles).map(({ id }) => id)
      yield* equals(listed.includes(plain.client.id), false, "the plain one is listed")
      yield* equals(listed.includes(client.id), true, "the TLS one is listed")
      yield* plain.client.close
      yield* equals(client.state._tag, "Closed", "closing the plain one closes the TLS one")
      yield* server.close
      yield* equals(plain.server.state._tag, "Closed", "and the other way round")
    },
    tls
  ),

  law(
    "TLS-35",
    "a stream that another fiber reads is Busy for a handshake, and is left alone",
    function* () {
      const { client, server } = yield* connectedPair()
      const reading = yield* Effect.forkChild(client.read, { startImmediately: true })
      yield* parked(client)
      yield* failsWith("Busy", Effect.scoped(Tls.client(client, yield* ours)))
      yield* server.write(Uint8Array.of(9))
      yield* sameBytes(yield* Fiber.join(reading), Uint8Array.of(9), "bytes read")
    },
    tls
  ),

  law(
    "TLS-36",
    "closing the stream in its handshake ends the handshake with Closed",
    function* () {
      const { client, server } = yield* connectedPair()
      const shaking = yield* Effect.forkChild(failsWith("Closed", Tls.client(client, yield* ours)))
      yield* server.awaitReadable
      yield* client.close
      yield* Fiber.join(shaking)
      yield* equals(client.state._tag, "Closed", "state")
    },
    tls
  ),

  law(
    "TLS-11",
    "TLS inside TLS carries bytes and ends, and counts as one handle",
    function* () {
      const outer = yield* securePair()
      const before = yield* handleCount
      const inner = yield* secured({ ...outer.plain, client: outer.client, server: outer.server })
      yield* equals(yield* handleCount, before, "handles")
      yield* inner.client.write(Uint8Array.of(1, 2, 3))
      yield* reads(inner.server, Uint8Array.of(1, 2, 3))
      const large = new Uint8Array(300_000).fill(5)
      const writing = yield* Effect.forkChild(inner.server.write(large))
      yield* sameBytes(yield* inner.client.readExactly(large.length), large, "the way back")
      yield* Fiber.join(writing)
      yield* inner.client.shutdown
      yield* equals((yield* inner.server.read).length, 0, "end")
      yield* inner.server.close
      yield* equals((yield* inner.client.read).length, 0, "end of the other")
      yield* inner.client.close
      yield* equals(outer.plain.client.state._tag, "Closed", "the innermost")
    },
    tls
  )
])

/** Copies until the end of `from`. */
const pump = (from: Stream, to: Stream): Effect.Effect<void, IoError.IoError> =>
  Effect.flatMap(from.read, (bytes) =>
    bytes.length === 0 ? Effect.void : Effect.andThen(to.write(bytes), pump(from, to))
  )
