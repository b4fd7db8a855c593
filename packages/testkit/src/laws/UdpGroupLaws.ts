/** Laws of multicast, on the loopback interface and in groups that nobody else is in. */
import { Udp } from "@portico/core"
import * as Effect from "effect/Effect"
import { bound, portOf, receives, someGroup } from "../Datagrams.ts"
import { equals, failsWith, rejects } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"

const loopback = "127.0.0.1"
/** An address of documentation (RFC 5737): no interface has it. */
const nowhere = "198.51.100.7"

/** One in a group, one that sends to it, and how. */
const member = Effect.gen(function* () {
  const group = yield* someGroup
  const receiver = yield* Udp.bind({ host: "0.0.0.0", port: 0, reuseAddress: true })
  const sender = yield* bound
  yield* sender.setMulticastInterface(loopback)
  const port = portOf(receiver)
  const send = (number: number, from = sender) =>
    from.send(Uint8Array.of(number), { host: group, port })
  // Sent to the socket alone: what comes before it was let through, and nothing else.
  const mark = sender.send(Uint8Array.of(255), { port })
  return { group, mark, port, receiver, send, sender }
})

export const UdpGroupLaws = lawGroup("Multicast", [
  law("UDP-13", "a member receives what is sent to its group until it leaves", function* () {
    const { group, mark, receiver, send } = yield* member
    yield* send(1)
    yield* mark
    yield* receives(receiver, 255)
    yield* receiver.join({ group, interface: loopback })
    yield* send(2)
    yield* receives(receiver, 2)
    yield* receiver.leave({ group, interface: loopback })
    yield* send(3)
    yield* mark
    yield* receives(receiver, 255)
    yield* equals(receiver.datagrams.datagramsQueued, 0, "queued")
  }),

  law("UDP-80", "every member of a group receives a datagram of its own", function* () {
    const { group, port, receiver, send } = yield* member
    const other = yield* Udp.bind({ host: "0.0.0.0", port, reuseAddress: true })
    for (const socket of [receiver, other]) yield* socket.join({ group, interface: loopback })
    yield* send(1)
    const first = yield* receives(receiver, 1)
    first.bytes.fill(9)
    yield* receives(other, 1)
  }),

  law(
    "UDP-81",
    "who joined for one source hears no other",
    function* () {
      const { group, mark, receiver, send, sender } = yield* member
      const other = yield* Udp.bind({ host: "127.0.0.2", port: 0 })
      yield* other.setMulticastInterface(loopback)
      yield* receiver.join({ group, interface: loopback, source: "127.0.0.2" })
      yield* send(1, sender)
      yield* mark
      yield* receives(receiver, 255)
      yield* send(2, other)
      yield* receives(receiver, 2)
      yield* receiver.join({ group, interface: loopback, source: loopback })
      yield* send(3, sender)
      yield* receives(receiver, 3)
      yield* receiver.leave({ group, interface: loopback, source: "127.0.0.2" })
      yield* send(4, other)
      yield* mark
      yield* receives(receiver, 255)
    },
    {
      capability: {
        name: "multicastSource",
        ask: Effect.flatMap(bound, (socket) =>
          socket.join({ group: "232.1.1.1", interface: loopback, source: loopback })
        )
      }
    }
  ),

  law("UDP-82", "a group is joined once, and left only by who joined it", function* () {
    const { group, receiver } = yield* member
    const membership = { group, interface: loopback }
    yield* failsWith("AddressNotAvailable", receiver.leave(membership))
    yield* receiver.join(membership)
    yield* failsWith("AddressInUse", receiver.join(membership))
    yield* receiver.leave(membership)
    yield* failsWith("AddressNotAvailable", receiver.leave(membership))
    yield* receiver.join(membership)
  }),

  law("UDP-83", "an interface that is not there is AddressNotAvailable", function* () {
    const { group, receiver, sender } = yield* member
    const missing = receiver.join({ group, interface: nowhere })
    yield* failsWith("AddressNotAvailable", missing)
    yield* failsWith("AddressNotAvailable", sender.setMulticastInterface(nowhere))
    yield* receiver.join({ group, interface: loopback })
  }),

  law("UDP-84", "groups, interfaces and sources are literals of the right kind", function* () {
    const { group, receiver } = yield* member
    for (const wrong of ["127.0.0.1", "ff02::1", "everybody", ""]) {
      yield* rejects("group", receiver.join({ group: wrong }))
      yield* rejects("group", receiver.leave({ group: wrong }))
    }
    yield* rejects("interface", receiver.join({ group, interface: "lo" }))
    yield* rejects("source", receiver.join({ group, source: group }))
    yield* rejects("address", receiver.setMulticastInterface("lo"))
  }),

  law("UDP-85", "by the loopback interface multicast comes back, whatever was set", function* () {
    const { group, receiver, send, sender } = yield* member
    yield* receiver.join({ group, interface: loopback })
    for (const isLooping of [false, true]) {
      yield* sender.setMulticastLoop(isLooping)
      yield* send(1)
      yield* receives(receiver, 1)
    }
  })
])
