/** Laws of a host that fails below core, made to fail by changing one port. */
import { Reason, Tcp } from "@portico/core"
import { type ListenRequest, PortFailure } from "@portico/core/port"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { connectTo, inputOf, portOf } from "../Connections.ts"
import { equals, equalsAll, failsWith, isTrue } from "../Expectation.ts"
import { failingAccepts, failingListens, silentConnects, withPorts } from "../FaultyPorts.ts"
import { handleCount } from "../HandleList.ts"
import { law, lawGroup } from "../Law.ts"
import { recordingLogs } from "../Logs.ts"
import { reads } from "../Streams.ts"

const exhausted = new PortFailure(Reason.Reason.ResourceExhausted({ resource: "descriptors" }))
const unknown = new PortFailure(Reason.Reason.Unknown({ code: "EWEIRD" }))
const noSuchAddress = new PortFailure(Reason.Reason.AddressNotAvailable())

const isIPv6 = ({ address }: ListenRequest) => address._tag === "Inet" && address.host.includes(":")

const answer = new Uint8Array([1, 2, 3])
const options = { port: 0, connectionsMax: 10 }

export const FaultLaws = lawGroup("Faults of the host", [
  law("CONN-15", "a connect that outlives its timeout is TimedOut and given up", function* () {
    let cancelled = 0
    const connecting = Effect.gen(function* () {
      const attempt = Tcp.connect({ port: 80, timeout: "5 millis" })
      const error = yield* failsWith("TimedOut", attempt)
      yield* equals(error.address, "tcp://127.0.0.1:80", "address")
      yield* equals(yield* handleCount, 0, "handles")
    })
    yield* withPorts(
      silentConnects(() => cancelled++),
      Effect.scoped(connecting)
    )
    yield* equals(cancelled, 1, "attempts given up")
  }),

  law("CONN-16", "an interrupted connect is given up at once", function* () {
    let cancelled = 0
    const connecting = Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Tcp.connect({ port: 80 }), { startImmediately: true })
      yield* Fiber.interrupt(fiber)
      yield* equals(cancelled, 1, "attempts given up")
      yield* equals(yield* handleCount, 0, "handles")
    })
    yield* withPorts(
      silentConnects(() => cancelled++),
      Effect.scoped(connecting)
    )
  }),

  law(
    "ACC-10",
    "out of descriptors, a server backs off, says so once, and goes on when it has some",
    function* () {
      const levels: Array<string> = []
      const server = yield* recordingLogs(levels)(
        Tcp.serve((stream) => stream.write(answer), options)
      )
      const client = yield* Tcp.connect(inputOf(server.address))
      yield* reads(client, answer)
      const { accepted, backOffs } = yield* server.counters
      yield* equals(backOffs, 2, "backOffs")
      yield* equals(accepted, 1, "accepted")
      yield* equalsAll(levels, ["Warn"], "levels logged")
    },
    { ports: failingAccepts(exhausted, 2) }
  ),

  law(
    "ACC-15",
    "out of descriptors, an accept says so and the listener goes on",
    function* () {
      const listener = yield* Tcp.listen({ port: 0 })
      const client = yield* Tcp.connect(inputOf(listener.address))
      yield* failsWith("ResourceExhausted", listener.accept)
      const server = yield* listener.accept
      yield* server.write(answer)
      yield* reads(client, answer)
    },
    { ports: failingAccepts(exhausted, 1) }
  ),

  law(
    "ACC-12",
    "an accept error that nobody knows stops the server and says why",
    function* () {
      const server = yield* Tcp.serve((stream) => stream.write(answer), options)
      yield* Effect.exit(Tcp.connect(inputOf(server.address)))
      const { reason } = yield* failsWith("Unknown", server.stopped)
      yield* equals(reason._tag === "Unknown" ? reason.code : "", "EWEIRD", "code")
      yield* failsWith("ConnectionRefused", Tcp.connect(inputOf(server.address)))
    },
    { ports: failingAccepts(unknown, Number.POSITIVE_INFINITY) }
  ),

  law(
    "ACC-18",
    "a host without IPv6 listens on localhost by IPv4 alone",
    function* () {
      const listener = yield* Tcp.listen({ host: "localhost", port: 0 })
      yield* equals(listener.addresses.length, 1, "addresses")
      yield* connectTo(listener)
      const client = yield* Tcp.connect({ host: "localhost", port: portOf(listener.address) })
      yield* isTrue(client.state._tag === "Open", "It should be connected")
    },
    { ports: failingListens(noSuchAddress, isIPv6) }
  ),

  law(
    "ACC-33",
    "localhost rolls back when its second address fails for another reason",
    function* () {
      const exit = yield* Effect.exit(Tcp.listen({ host: "localhost", port: 0 }))
      yield* isTrue(Exit.isFailure(exit), "It should fail")
    },
    { ports: failingListens(unknown, isIPv6) }
  )
])
