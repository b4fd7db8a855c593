/** Laws of datagrams as such: boundaries, addresses, lengths, peers, and the end of a socket. */
import { Address, Udp } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { randomBytes } from "../Bytes.ts"
import { bound, came, portOf, receives, someHost, toward } from "../Datagrams.ts"
import { equals, failsWith, isTrue, rejects, sameBytes } from "../Expectation.ts"
import { handleCount } from "../HandleList.ts"
import { law, lawGroup } from "../Law.ts"
import { parked } from "../Turns.ts"

export const UdpLaws = lawGroup("Datagrams", [
  law("UDP-01", "each datagram is received as it was sent, empty ones too", function* () {
    const [sender, receiver] = [yield* bound, yield* bound]
    const sizes = [5, 0, 1, 1400, 0, 9000]
    const sent = yield* Effect.forEach(sizes, randomBytes)
    for (const bytes of sent) yield* sender.send(bytes, toward(receiver))
    yield* came(receiver, sent.length)
    for (const bytes of sent) {
      yield* sameBytes((yield* receiver.receive).bytes, bytes, `datagram of ${bytes.length}`)
    }
  }),

  law("UDP-20", "a datagram names its sender, who can be answered there", function* () {
    const [client, server] = [yield* bound, yield* bound]
    yield* client.send(Uint8Array.of(1), toward(server))
    const { from, isTruncated, replyTo } = yield* receives(server, 1)
    yield* equals(Address.format(from), Address.format(client.address), "sender")
    yield* equals(isTruncated, false, "isTruncated")
    yield* server.send(Uint8Array.of(2), Address.toInput(from))
    yield* receives(client, 2)
    yield* server.send(Uint8Array.of(3), replyTo)
    yield* receives(client, 3)
  }),

  law("UDP-21", "IPv4 and IPv6 reach a dual-stack socket, which can answer both", function* () {
    const server = yield* Udp.bind({ host: "::", port: 0 })
    for (const host of ["127.0.0.1", "::1"]) {
      const client = yield* Udp.bind({ host, port: 0 })
      yield* client.send(Uint8Array.of(1), { host, port: portOf(server) })
      const { from, replyTo } = yield* receives(server, 1)
      yield* equals(Address.format(from), Address.format(client.address), "sender")
      yield* server.send(Uint8Array.of(2), Address.toInput(from))
      yield* receives(client, 2)
      yield* server.send(Uint8Array.of(3), replyTo)
      yield* receives(client, 3)
    }
  }),

  law(
    "UDP-22",
    "the longest datagram arrives whole; one byte more is MessageTooLarge",
    function* () {
      for (const [host, bytesMax] of [
        ["127.0.0.1", 65_507],
        ["::1", 65_527]
      ] as const) {
        const sender = yield* Udp.bind({ host, port: 0 })
        const receiver = yield* Udp.bind({ host, port: 0 })
        const bytes = yield* randomBytes(bytesMax + 1)
        const { reason } = yield* failsWith("MessageTooLarge", sender.send(bytes, toward(receiver)))
        yield* equals(reason._tag === "MessageTooLarge" && reason.bytesMax, bytesMax, "bytesMax")
        yield* sender.send(bytes.subarray(1), toward(receiver))
        yield* sameBytes((yield* receiver.receive).bytes, bytes.subarray(1), "datagram")
      }
    }
  ),

  law("UDP-03", "a datagram that is longer than was asked for is cut and says so", function* () {
    const sender = yield* bound
    const receiver = yield* Udp.bind({ port: 0, datagramBytesMax: 100 })
    const bytes = yield* randomBytes(1000)
    for (const length of [100, 101, 1000]) {
      yield* sender.send(bytes.subarray(0, length), toward(receiver))
      const datagram = yield* receiver.receive
      yield* sameBytes(datagram.bytes, bytes.subarray(0, 100), "datagram")
      yield* equals(datagram.isTruncated, length > 100, `isTruncated of ${length} bytes`)
    }
  }),

  law("UDP-04", "a connected socket sends without address and hears its peer alone", function* () {
    const [socket, peer, stranger] = [yield* bound, yield* bound, yield* bound]
    yield* socket.connect(toward(peer))
    const fixed = Option.map(socket.peer, (address) => Address.format(address))
    yield* equals(Option.getOrNull(fixed), Address.format(peer.address), "peer")
    yield* socket.send(Uint8Array.of(1))
    yield* receives(peer, 1)
    yield* rejects("to", socket.send(Uint8Array.of(2), toward(stranger)))
    yield* rejects("to", socket.send(Uint8Array.of(2), toward(peer)))
    yield* stranger.send(Uint8Array.of(3), toward(socket))
    yield* peer.send(Uint8Array.of(4), toward(socket))
    yield* receives(socket, 4)
    yield* equals(socket.datagrams.datagramsQueued, 0, "queued")
  }),

  law("UDP-05", "an unconnected socket sends to nobody without an address", function* () {
    const socket = yield* bound
    yield* rejects("to", socket.send(Uint8Array.of(1)))
    yield* rejects("batch[0].to", socket.sendBatch([{ bytes: Uint8Array.of(1) }]))
    yield* rejects("batch[0].to", socket.trySendBatch([{ bytes: Uint8Array.of(1) }]))
  }),

  law("UDP-06", "a peer can be changed and let go; the socket keeps its address", function* () {
    const [socket, one, other] = [yield* bound, yield* bound, yield* bound]
    yield* socket.connect(toward(one))
    yield* socket.connect(toward(other))
    yield* socket.send(Uint8Array.of(1))
    yield* receives(other, 1)
    yield* socket.disconnect
    yield* socket.disconnect
    yield* isTrue(Option.isNone(socket.peer), "There should be no peer")
    yield* rejects("to", socket.send(Uint8Array.of(2)))
    for (const stranger of [one, other]) {
      yield* stranger.send(Uint8Array.of(3), toward(socket))
      const { from } = yield* receives(socket, 3)
      yield* equals(Address.format(from), Address.format(stranger.address), "sender")
      yield* socket.send(Uint8Array.of(4), toward(stranger))
      const answer = yield* receives(stranger, 4)
      yield* equals(Address.format(answer.from), Address.format(socket.address), "our address")
    }
  }),

  law("UDP-09", "closing wakes everyone who waits to receive with Closed", function* () {
    const socket = yield* bound
    const waiting = [
      Effect.asVoid(socket.receive),
      Effect.asVoid(socket.receiveBatch(3)),
      socket.awaitReadable,
      Effect.asVoid(socket.receive)
    ]
    const fibers = yield* Effect.forEach(waiting, (wait) =>
      Effect.forkChild(failsWith("Closed", wait), { startImmediately: true })
    )
    yield* parked(socket, waiting.length)
    yield* socket.close
    yield* Fiber.joinAll(fibers)
    yield* equals(socket.waits.length, 0, "waiting")
  }),

  law("UDP-12", "a close is done when the port can be bound again", function* () {
    const before = yield* handleCount
    const host = yield* someHost
    const { address } = yield* Effect.scoped(Udp.bind({ host, port: 0 }))
    for (let time = 0; time < 10; time++) {
      const socket = yield* Udp.bind(Address.toInput(address))
      yield* equals(Address.format(socket.address), Address.format(address), "address")
      yield* socket.close
      yield* equals(socket.state._tag, "Closed", "state")
    }
    yield* equals(yield* handleCount, before, "handles")
  }),

  law("UDP-23", "a closed socket fails with Closed and keeps its address", function* () {
    const socket = yield* bound
    const address = Address.format(socket.address)
    yield* socket.close
    yield* socket.close
    yield* failsWith("Closed", socket.receive)
    yield* failsWith("Closed", socket.tryReceive)
    yield* failsWith("Closed", socket.receiveBatch(1))
    yield* failsWith("Closed", socket.send(Uint8Array.of(1), { port: 1 }))
    yield* failsWith("Closed", socket.connect({ port: 1 }))
    yield* failsWith("Closed", socket.setTtl(1))
    yield* equals(Address.format(socket.address), address, "address")
  })
])
