/** Laws of `Tcp.listen`: addresses, ports, and who may share them: ACC. */
import { Address, Tcp } from "@portico/core"
import { connectTo, inputOf, listening, portOf, listeningOn } from "../Connections.ts"
import { equals, failsWith, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"

export const ListenLaws = lawGroup("Listening", [
  law("ACC-01", "listening on port 0 gives a real port before the first accept", function* () {
    const listener = yield* listening
    const port = portOf(listener.address)
    yield* isTrue(port > 0 && port < 65536, `Port should be 1–65535: ${port}`)
    yield* connectTo(listener)
  }),

  law("ACC-02", "listening on a used port fails with AddressInUse, at once", function* () {
    const listener = yield* listening
    const error = yield* failsWith("AddressInUse", Tcp.listen(inputOf(listener.address)))
    yield* equals(error.operation, "Tcp.listen", "operation")
    yield* equals(error.address, Address.format(listener.address), "address")
  }),

  law("ACC-03", "a port can be listened on again once its listener is closed", function* () {
    const first = yield* listening
    const { client, server } = yield* connectTo(first)
    yield* first.close
    const second = yield* Tcp.listen(inputOf(first.address))
    yield* equals(portOf(second.address), portOf(first.address), "port")
    // A connection that was accepted before does not notice.
    yield* client.write(new Uint8Array([1]))
    yield* equals((yield* server.read).length, 1, "bytes read")
  }),

  law(
    "ACC-25",
    "an address that this host does not have fails with AddressNotAvailable",
    function* () {
      yield* failsWith("AddressNotAvailable", Tcp.listen({ host: "192.0.2.1", port: 0 }))
    }
  ),

  law("ACC-17", "localhost is one port on both loopbacks", function* () {
    const listener = yield* Tcp.listen({ host: "localhost", port: 0 })
    yield* equals(listener.addresses.length, 2, "addresses")
    const ports = listener.addresses.map(portOf)
    yield* equals(ports[1], ports[0], "port of the second")
    for (const host of ["127.0.0.1", "::1"]) {
      yield* Tcp.connect({ host, port: portOf(listener.address) })
      yield* listener.accept
    }
  }),

  law("ACC-19", "localhost listens on both loopbacks or on none", function* () {
    const taken = yield* listeningOn("::1")
    const port = portOf(taken.address)
    yield* failsWith("AddressInUse", Tcp.listen({ host: "localhost", port }))
    // IPv4 was rolled back: its port is free.
    yield* Tcp.listen({ host: "127.0.0.1", port })
  }),

  law(
    "ACC-20",
    "an IPv6 listener accepts IPv4 and names the peer by its IPv4 address",
    function* () {
      const listener = yield* Tcp.listen({ host: "::", port: 0 })
      const port = portOf(listener.address)
      const client = yield* Tcp.connect({ host: "127.0.0.1", port })
      const server = yield* listener.accept
      yield* equals(
        Address.format(yield* server.peerAddress),
        Address.format(yield* client.localAddress),
        "peer"
      )
    }
  ),

  law(
    "ACC-16",
    "an IPv6 listener that is told so refuses IPv4",
    function* () {
      const listener = yield* Tcp.listen({ host: "::", port: 0, ipv6Only: true })
      const port = portOf(listener.address)
      yield* failsWith("ConnectionRefused", Tcp.connect({ host: "127.0.0.1", port }))
      yield* Tcp.connect({ host: "::1", port })
      yield* listener.accept
    },
    {
      capability: {
        name: "ipv6Only",
        ask: Tcp.listen({ host: "::", port: 0, ipv6Only: true })
      }
    }
  ),

  law(
    "ACC-26",
    "two listeners share a port when both ask to",
    function* () {
      const first = yield* Tcp.listen({ port: 0, reusePort: true })
      yield* Tcp.listen({ ...inputOf(first.address), reusePort: true })
      yield* failsWith("AddressInUse", Tcp.listen(inputOf(first.address)))
    },
    { capability: { name: "reusePort", ask: Tcp.listen({ port: 0, reusePort: true }) } }
  ),

  law(
    "ACC-27",
    "a backlog can be asked for",
    function* () {
      const listener = yield* Tcp.listen({ port: 0, backlog: 1 })
      yield* connectTo(listener)
    },
    { capability: { name: "listenBacklog", ask: Tcp.listen({ port: 0, backlog: 1 }) } }
  )
])
