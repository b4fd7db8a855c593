/** Laws of a datagram socket's options: sharing ports, broadcast, hops, buffers, being listed. */
import { Address, EventLoop, Udp, type UdpOptions } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { bound, cameTo, portOf, receives, someHost, toward } from "../Datagrams.ts"
import { equals, equalsAll, failsWith, isTrue, rejects } from "../Expectation.ts"
import { changingDatagrams, overriding, withPorts } from "../FaultyPorts.ts"
import { handleCount, handles } from "../HandleList.ts"
import { law, lawGroup } from "../Law.ts"
import { eventually, parked, settle } from "../Turns.ts"

const one = Uint8Array.of(1)
const binds = (options: UdpOptions.BindOptions) => Effect.scoped(Udp.bind(options))
/** Of the network of loopback addresses. */
const broadcastHost = "127.255.255.255"

export const UdpOptionLaws = lawGroup("Options of datagram sockets", [
  law("UDP-70", "a port that a socket has is AddressInUse", function* () {
    const socket = yield* bound
    const error = yield* failsWith("AddressInUse", binds(toward(socket)))
    yield* equals(error.address, Address.format(socket.address, "udp"), "address")
    yield* failsWith("AddressInUse", binds({ ...toward(socket), host: "0.0.0.0" }))
  }),

  law("UDP-71", "an address that this host does not have is AddressNotAvailable", function* () {
    yield* failsWith("AddressNotAvailable", binds({ host: "198.51.100.1", port: 0 }))
    yield* failsWith("AddressNotAvailable", binds({ host: "2001:db8::1", port: 0 }))
  }),

  law("UDP-72", "options out of their bounds are refused by name, and nothing bound", function* () {
    const before = yield* handleCount
    for (const host of ["localhost", "example.com", "", "256.0.0.1"]) {
      yield* rejects("host", binds({ host, port: 0 }))
    }
    for (const port of [-1, 65_536, 0.5, Number.NaN]) yield* rejects("port", binds({ port }))
    for (const receiveQueueBytes of [0, 1_023, 2 ** 30 + 1, 2_000.5]) {
      yield* rejects("receiveQueueBytes", binds({ port: 0, receiveQueueBytes }))
    }
    for (const datagramBytesMax of [0, 65_536, 1.5]) {
      yield* rejects("datagramBytesMax", binds({ port: 0, datagramBytesMax }))
    }
    yield* rejects("ipv6Only", binds({ port: 0, ipv6Only: true }))
    yield* equals(yield* handleCount, before, "handles")
  }),

  law(
    "UDP-73",
    "sockets that all ask to share a port share its datagrams",
    function* () {
      const first = yield* Udp.bind({ port: 0, reusePort: true })
      const second = yield* Udp.bind({ ...toward(first), reusePort: true })
      yield* failsWith("AddressInUse", binds(toward(first)))
      const senders = yield* Effect.replicateEffect(bound, 20)
      for (const sender of senders) yield* sender.send(one, toward(first))
      yield* eventually(
        "each of 20 came to one of them",
        Effect.sync(() => cameTo(first) + cameTo(second) === 20)
      )
      yield* settle
      yield* equals(cameTo(first) + cameTo(second), 20, "datagrams")
      yield* isTrue(cameTo(first) > 0 && cameTo(second) > 0, "One of them got all")
    },
    { capability: { name: "reusePort", ask: binds({ port: 0, reusePort: true }) } }
  ),

  law(
    "UDP-74",
    "an IPv6 socket can refuse IPv4",
    function* () {
      const v6 = yield* Udp.bind({ host: "::", port: 0, ipv6Only: true })
      yield* rejects("to.host", v6.send(one, { host: "127.0.0.1", port: 1 }))
      const port = portOf(v6)
      const v4 = yield* Udp.bind({ host: yield* someHost, port })
      const sender = yield* bound
      yield* sender.send(Uint8Array.of(4), toward(v4))
      yield* receives(v4, 4)
      yield* equals(cameTo(v6), 0, "datagrams that came by IPv6")
    },
    { capability: { name: "ipv6Only", ask: binds({ host: "::", port: 0, ipv6Only: true }) } }
  ),

  law("UDP-14", "broadcast needs to be allowed, and reaches whoever has the port", function* () {
    const receiver = yield* Udp.bind({ host: "0.0.0.0", port: 0 })
    const to = { host: broadcastHost, port: portOf(receiver) }
    const sender = yield* bound
    yield* failsWith("PermissionDenied", sender.send(one, to))
    yield* sender.setBroadcast(true)
    yield* sender.send(Uint8Array.of(2), to)
    yield* receives(receiver, 2)
    yield* sender.setBroadcast(false)
    yield* failsWith("PermissionDenied", sender.send(one, to))
    const allowed = yield* Udp.bind({ port: 0, broadcast: true })
    yield* allowed.send(Uint8Array.of(3), to)
    yield* receives(receiver, 3)
  }),

  law("UDP-15", "hops are 1 to 255, of multicast 0 to 255", function* () {
    const [socket, peer] = [yield* bound, yield* bound]
    for (const hops of [0, 256, -1, 1.5, Number.NaN]) yield* rejects("hops", socket.setTtl(hops))
    for (const hops of [-1, 256, 1.5, Number.NaN]) {
      yield* rejects("hops", socket.setMulticastTtl(hops))
    }
    for (const hops of [0, 1, 255]) yield* socket.setMulticastTtl(hops)
    for (const hops of [255, 1]) {
      yield* socket.setTtl(hops)
      yield* socket.send(one, toward(peer))
      yield* receives(peer, 1)
    }
  }),

  law(
    "UDP-75",
    "the kernel's buffers are at least as large as was asked for",
    function* () {
      const asked = { kernelReceiveBytes: 65_536, kernelSendBytes: 32_768 }
      const socket = yield* Udp.bind({ port: 0, ...asked })
      const granted = [yield* socket.kernelReceiveBytes, yield* socket.kernelSendBytes]
      yield* isTrue(granted[0]! >= asked.kernelReceiveBytes, `Receive buffer: ${granted[0]}`)
      yield* isTrue(granted[1]! >= asked.kernelSendBytes, `Send buffer: ${granted[1]}`)
      const larger = yield* Udp.bind({ port: 0, kernelReceiveBytes: 131_072 })
      yield* isTrue((yield* larger.kernelReceiveBytes) > granted[0]!, "More gave no more")
      for (const bytes of [255, 2 ** 30 + 1, 4_096.5]) {
        yield* rejects("kernelReceiveBytes", binds({ port: 0, kernelReceiveBytes: bytes }))
        yield* rejects("kernelSendBytes", binds({ port: 0, kernelSendBytes: bytes }))
      }
    },
    {
      capability: {
        name: "kernelBufferBytes",
        ask: Effect.flatMap(bound, (socket) => socket.kernelReceiveBytes)
      }
    }
  ),

  law("UDP-76", "a socket is listed with its kind, address, place and waits", function* () {
    const socket = yield* bound
    yield* isTrue((yield* handles).includes(socket), `Not listed: ${socket.label}`)
    const address = Address.format(socket.address, "udp")
    yield* equals(socket.label, `UdpSocket #${socket.id} ${address}`, "label")
    const site = (yield* Udp.bind({ port: 0 })).site
    yield* isTrue(site?.includes("UdpOptionLaws") === true, `Bound at ${site}`)
    const receiving = yield* Effect.forkChild(socket.receive, { startImmediately: true })
    yield* parked(socket)
    yield* equals(socket.waits[0]?.operation, "UdpSocket.receive", "operation")
    yield* equals(socket.waits[0]?.fiberId, receiving.id, "fiber")
    const { operations } = yield* EventLoop.EventLoop
    const isPending = (yield* operations).some(({ handle }) => handle === socket)
    yield* isTrue(isPending, "The receive should be pending")
    yield* Fiber.interrupt(receiving)
    yield* socket.connect(toward(socket))
    yield* equals(socket.label, `UdpSocket #${socket.id} ${address} → ${address}`, "label")
  }),

  law("UDP-77", "a socket keeps the loop alive unless it is told not to", function* () {
    const told: Array<boolean> = []
    const recording = changingDatagrams((socket) =>
      overriding(socket, {
        setRef: (isRef) => {
          told.push(isRef)
          socket.setRef(isRef)
        }
      })
    )
    const body = Effect.gen(function* () {
      const { keptAliveBy } = yield* EventLoop.EventLoop
      const socket = yield* bound
      const keepsAlive = (isExpected: boolean) =>
        Effect.flatMap(keptAliveBy, (lines) => {
          const isNamed = lines.some((line) => line.includes(`UdpSocket #${socket.id} `))
          return equals(isNamed && socket.isRef, isExpected, "keeps the loop alive")
        })
      yield* keepsAlive(true)
      yield* socket.unref
      yield* keepsAlive(false)
      yield* socket.unref
      yield* socket.ref
      yield* keepsAlive(true)
      yield* socket.close
      yield* keepsAlive(false)
    })
    yield* withPorts(recording, Effect.scoped(body))
    yield* equalsAll(told, [false, true], "what the host was told")
  })
])
