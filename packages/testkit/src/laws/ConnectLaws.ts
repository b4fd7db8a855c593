/** Laws of `Tcp.connect`: CONN. */
import { Address, Tcp } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import {
  closedPort,
  connectedPair,
  connectTo,
  inputOf,
  listening,
  listeningOn,
  portOf
} from "../Connections.ts"
import { equals, failsWith, isTrue } from "../Expectation.ts"
import { handleCount } from "../HandleList.ts"
import { law, lawGroup } from "../Law.ts"
import { isEnd } from "../Streams.ts"
import { beginning, eventually, settle } from "../Turns.ts"

export const ConnectLaws = lawGroup("Connecting", [
  law(
    "CONN-01",
    "connecting to a closed port fails with ConnectionRefused, naming the address",
    function* () {
      const port = yield* closedPort
      const error = yield* failsWith("ConnectionRefused", Tcp.connect({ host: "127.0.0.1", port }))
      yield* equals(error.address, `tcp://127.0.0.1:${port}`, "address")
      yield* equals(error.operation, "Tcp.connect", "operation")
      yield* isTrue(error.cause !== undefined, "The host's own error should be kept as cause")
    }
  ),

  law(
    "CONN-02",
    "interrupting a connect under way frees its descriptor and leaves no handle",
    function* () {
      const listener = yield* listening
      const input = inputOf(listener.address)
      const [connecting] = yield* beginning(Tcp.connect(input), (fiber) => fiber.interruptUnsafe())
      yield* Fiber.await(connecting)
      yield* eventually(
        "only the listener is left",
        Effect.map(handleCount, (n) => n === 1)
      )
      yield* settle
      yield* equals(yield* handleCount, 1, "handles")
      // The kernel may have finished the handshake; then what is accepted ends at once.
      const accepted = yield* listener.tryAccept
      if (Option.isSome(accepted)) {
        const end = yield* Effect.exit(accepted.value.read)
        yield* isTrue(Exit.isFailure(end) || isEnd(end.value), "Our end should be closed")
      }
      yield* connectTo(listener)
    }
  ),

  law("CONN-04", "a failed connect leaves no handle", function* () {
    const port = yield* closedPort
    const before = yield* handleCount
    yield* failsWith("ConnectionRefused", Tcp.connect({ port }))
    yield* eventually(
      "no handle is left",
      Effect.map(handleCount, (n) => n === before)
    )
  }),

  law("CONN-05", "connecting to the unspecified address reaches the loopback", function* () {
    const listener = yield* listening
    const stream = yield* Tcp.connect({ host: "0.0.0.0", port: portOf(listener.address) })
    const accepted = yield* listener.accept
    yield* stream.write(new Uint8Array([7]))
    yield* equals((yield* accepted.read)[0], 7, "byte")
  }),

  law(
    "CONN-06",
    "a connect with a local address comes from exactly that address and port",
    function* () {
      const listener = yield* listening
      const port = yield* closedPort
      const local = { host: "127.0.0.1", port }
      const client = yield* Tcp.connect({ ...inputOf(listener.address), local })
      const server = yield* listener.accept
      yield* equals(
        Address.format(yield* client.localAddress),
        `tcp://127.0.0.1:${port}`,
        "our address"
      )
      yield* equals(
        Address.format(yield* server.peerAddress),
        `tcp://127.0.0.1:${port}`,
        "as the peer sees it"
      )
    },
    {
      capability: {
        name: "localBind",
        ask: Effect.flatMap(listening, (listener) =>
          Tcp.connect({ ...inputOf(listener.address), local: { host: "127.0.0.1", port: 0 } })
        )
      }
    }
  ),

  law("CONN-08", "both ends name the connection by the same two addresses", function* () {
    const { client, listener, server } = yield* connectedPair()
    const [ours, theirs] = [yield* client.localAddress, yield* client.peerAddress]
    yield* equals(Address.format(yield* server.peerAddress), Address.format(ours), "client")
    yield* equals(Address.format(yield* server.localAddress), Address.format(theirs), "server")
    yield* equals(Address.format(theirs), Address.format(listener.address), "listener")
  }),

  law("CONN-09", "addresses that were read stay known after close", function* () {
    const { client } = yield* connectedPair()
    const [ours, theirs] = [yield* client.localAddress, yield* client.peerAddress]
    yield* client.close
    yield* equals(Address.format(yield* client.localAddress), Address.format(ours), "local")
    yield* equals(Address.format(yield* client.peerAddress), Address.format(theirs), "peer")
  }),

  law("CONN-10", "connecting to localhost reaches a listener on either loopback", function* () {
    for (const host of ["127.0.0.1", "::1"] as const) {
      const listener = yield* listeningOn(host)
      const client = yield* Tcp.connect({ host: "localhost", port: portOf(listener.address) })
      yield* equals(
        Address.format(yield* client.peerAddress),
        Address.format(listener.address),
        `peer of a connection to localhost for ${host}`
      )
    }
  }),

  law("CONN-11", "localhost is refused once both loopbacks refused", function* () {
    const port = yield* closedPort
    yield* failsWith("ConnectionRefused", Tcp.connect({ host: "localhost", port }))
  }),

  law("CONN-12", "a connected stream ends with the scope that opened it", function* () {
    const listener = yield* listening
    const client = yield* Effect.scoped(Tcp.connect(inputOf(listener.address)))
    yield* equals(client.state._tag, "Closed", "state")
    yield* failsWith("Closed", client.read)
  }),

  law("CONN-13", "an IPv6 connection carries bytes and names its addresses", function* () {
    const listener = yield* Tcp.listen({ host: "::1", port: 0 })
    const { client, server } = yield* connectTo(listener)
    yield* server.write(new Uint8Array([1, 2, 3]))
    yield* equals((yield* client.readExactly(3))[2], 3, "third byte")
    yield* equals(
      Address.format(yield* client.peerAddress),
      `tcp://[::1]:${portOf(listener.address)}`,
      "peer"
    )
  }),

  law(
    "CONN-14",
    "a local address that this host does not have fails with AddressNotAvailable",
    function* () {
      const listener = yield* listening
      // TEST-NET-1 (RFC 5737): no host has it.
      const local = { host: "192.0.2.1", port: 0 }
      yield* failsWith("AddressNotAvailable", Tcp.connect({ ...inputOf(listener.address), local }))
    },
    {
      capability: {
        name: "localBind",
        ask: Tcp.connect({ port: 9, local: { host: "192.0.2.1", port: 0 } })
      }
    }
  )
])
