/** Laws of ICMP's answers: told to who is connected, and never at the cost of anybody else. */
import { Udp } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { bound, came, cameTo, deadPeer, receiveAll, receives, toward } from "../Datagrams.ts"
import { equals, equalsAll, failsWith } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { eventually, nextTurn, parked, settle } from "../Turns.ts"

const one = Uint8Array.of(1)

/** A socket connected to where nobody is. */
const connectedToNobody = Effect.gen(function* () {
  const socket = yield* bound
  const dead = yield* deadPeer
  yield* socket.connect(dead)
  return { dead, socket }
})

export const UdpRefusalLaws = lawGroup("Refused datagrams", [
  law("UDP-07", "a connected socket is told that nobody is there, and goes on", function* () {
    const { dead, socket } = yield* connectedToNobody
    for (let time = 0; time < 3; time++) {
      const receiving = yield* Effect.forkChild(failsWith("ConnectionRefused", socket.receive), {
        startImmediately: true
      })
      yield* parked(socket)
      yield* socket.send(one)
      const { address } = yield* Fiber.join(receiving)
      yield* equals(address, `udp://${dead.host}:${dead.port}`, "address")
      yield* equals(socket.datagrams.refusals, time + 1, "refusals")
    }
    yield* equals(socket.state._tag, "Open", "state")
    const peer = yield* Udp.bind(dead)
    yield* socket.send(one)
    const { from } = yield* receives(peer, 1)
    yield* equals(from._tag === "InetAddressV4" && from.port, toward(socket).port, "sender's port")
    yield* peer.send(Uint8Array.of(2), toward(socket))
    yield* receives(socket, 2)
  }),

  law("UDP-60", "an answer is told once, to a send where nobody receives", function* () {
    const { dead, socket } = yield* connectedToNobody
    yield* socket.send(one)
    yield* eventually(
      "an answer",
      Effect.sync(() => socket.datagrams.refusals === 1)
    )
    const peer = yield* Udp.bind(dead)
    yield* failsWith("ConnectionRefused", socket.send(Uint8Array.of(2)))
    yield* socket.send(Uint8Array.of(3))
    yield* receives(peer, 3)
    yield* peer.send(Uint8Array.of(4), toward(socket))
    yield* receives(socket, 4)
    yield* equals(cameTo(peer), 1, "datagrams that the peer was sent")
  }),

  law("UDP-61", "an answer is told to one receive, and the next waits on", function* () {
    const { dead, socket } = yield* connectedToNobody
    const refused = yield* Effect.forkChild(failsWith("ConnectionRefused", socket.receive), {
      startImmediately: true
    })
    yield* parked(socket)
    const next = yield* Effect.forkChild(receives(socket, 5), { startImmediately: true })
    yield* parked(socket, 2)
    yield* socket.send(one)
    yield* Fiber.join(refused)
    const peer = yield* Udp.bind(dead)
    yield* peer.send(Uint8Array.of(5), toward(socket))
    yield* Fiber.join(next)
  }),

  law("UDP-62", "a socket that let its peer go hears nothing of it", function* () {
    const { socket } = yield* connectedToNobody
    const peer = yield* bound
    yield* socket.send(one)
    yield* eventually(
      "an answer",
      Effect.sync(() => socket.datagrams.refusals === 1)
    )
    yield* socket.connect(toward(peer))
    yield* socket.send(Uint8Array.of(2))
    yield* receives(peer, 2)
    yield* socket.disconnect
    yield* peer.send(Uint8Array.of(3), toward(socket))
    yield* receives(socket, 3)
  }),

  law("UDP-63", "dead peers cost a healthy one no datagram", function* () {
    const [socket, healthy] = [yield* bound, yield* bound]
    const dead = yield* deadPeer
    const sent: Array<number> = []
    for (let number = 0; number < 60; number++) {
      yield* socket.send(one, dead)
      // The answer comes before, between or after what goes to the healthy peer.
      if (number % 3 > 0) yield* Effect.repeat(nextTurn, { times: number % 5 })
      yield* socket.send(Uint8Array.of(number), toward(healthy))
      sent.push(number)
    }
    yield* came(healthy, sent.length)
    yield* equalsAll(yield* receiveAll(healthy), sent, "what the healthy peer got")
  }),

  law("UDP-64", "nor do they when they share a batch with it", function* () {
    const [socket, healthy] = [yield* bound, yield* bound]
    const dead = { bytes: one, to: yield* deadPeer }
    const sent: Array<number> = []
    for (let round = 0; round < 20; round++) {
      const alive = [0, 1, 2].map((index) => ({
        bytes: Uint8Array.of(round * 3 + index),
        to: toward(healthy)
      }))
      yield* socket.sendBatch([dead, alive[0]!, dead, alive[1]!, alive[2]!, dead])
      sent.push(...alive.map(({ bytes }) => bytes[0]!))
      yield* Effect.repeat(nextTurn, { times: round % 4 })
    }
    yield* came(healthy, sent.length)
    yield* equalsAll(yield* receiveAll(healthy), sent, "what the healthy peer got")
    yield* equals(socket.datagrams.datagramsSent, 120, "sent")
  }),

  law("UDP-65", "an unconnected socket receives on while its peers die", function* () {
    const [socket, healthy] = [yield* bound, yield* bound]
    const dead = yield* deadPeer
    const receiving = yield* Effect.forkChild(receives(socket, 7), { startImmediately: true })
    yield* parked(socket)
    yield* socket.send(one, dead)
    yield* settle
    yield* equals(receiving.pollUnsafe(), undefined, "the end of a receive that waits")
    yield* healthy.send(Uint8Array.of(7), toward(socket))
    yield* Fiber.join(receiving)
  })
])
