/** Laws of what core asks of a host, where no socket would show the difference. */
import { Reason, Tcp } from "@portico/core"
import { type ListenRequest, PortFailure } from "@portico/core/port"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { randomBytes } from "../Bytes.ts"
import { connectedPair, connectTo, portOf } from "../Connections.ts"
import { equals, equalsAll, sameBytes } from "../Expectation.ts"
import {
  changingListeners,
  changingStreams,
  failingListens,
  overriding,
  type PortChange,
  withPorts
} from "../FaultyPorts.ts"
import { law, lawGroup } from "../Law.ts"

const isIPv6 = ({ address }: ListenRequest) => address._tag === "Inet" && address.host.includes(":")

/** Writes down the `noDelay` of every connect and every listen. */
const recordingNoDelay =
  (asked: Array<boolean>): PortChange =>
  (ports) => ({
    ...ports,
    tcp: overriding(ports.tcp, {
      connect: (request, events) => {
        asked.push(request.noDelay)
        return ports.tcp.connect(request, events)
      },
      listen: (request, events) => {
        asked.push(request.noDelay)
        return ports.tcp.listen(request, events)
      }
    })
  })

/** Lends the same memory for every read that does not keep, and overwrites it each time. */
const reusing = changingStreams((stream) => {
  const slab = new Uint8Array(512 * 1024)
  return overriding(stream, {
    tryRead: (bytesMax, keep) => {
      slab.fill(0xff)
      const outcome = stream.tryRead(bytesMax, true)
      if (keep || !(outcome instanceof Uint8Array)) return outcome
      slab.set(outcome)
      return slab.subarray(0, outcome.length)
    }
  })
})

export const HostCallLaws = lawGroup("Calls to the host", [
  law("OPT-05", "no-delay is on unless the options say otherwise", function* () {
    const asked: Array<boolean> = []
    const body = Effect.gen(function* () {
      for (const noDelay of [undefined, true, false]) {
        const listener = yield* Tcp.listen({ port: 0, noDelay })
        yield* connectTo(listener, { noDelay })
      }
    })
    yield* withPorts(recordingNoDelay(asked), Effect.scoped(body))
    yield* equalsAll(asked, [true, true, true, true, false, false], "noDelay of each call")
  }),

  law("LOOP-03", "ref and unref reach the host once for each change", function* () {
    const calls: Array<boolean> = []
    const recording = changingListeners((listener) =>
      overriding(listener, {
        setRef: (ref) => {
          calls.push(ref)
          listener.setRef(ref)
        }
      })
    )
    const body = Effect.gen(function* () {
      const listener = yield* Tcp.listen({ port: 0 })
      for (const change of ["unref", "unref", "ref", "ref", "unref"] as const) {
        yield* listener[change]
      }
      yield* listener.close
      yield* listener.ref
    })
    yield* withPorts(recording, Effect.scoped(body))
    yield* equalsAll(calls, [false, true, false], "calls")
  }),

  law(
    "OPT-06",
    "keep-alive reaches the host with its idle time in milliseconds",
    function* () {
      const calls: Array<string> = []
      const recording = changingStreams((stream) =>
        overriding(stream, {
          setKeepAlive: ({ enabled, initialDelayMillis }) => {
            calls.push(enabled ? `on after ${initialDelayMillis}` : "off")
          }
        })
      )
      const body = Effect.gen(function* () {
        const { client } = yield* connectedPair()
        yield* client.setKeepAlive({ idle: "30 seconds" })
        yield* client.setKeepAlive(false)
      })
      yield* withPorts(recording, Effect.scoped(body))
      yield* equalsAll(calls, ["on after 30000", "off"], "calls")
    },
    {
      capability: {
        name: "keepAlive",
        ask: Effect.flatMap(connectedPair(), ({ client }) => client.setKeepAlive(false))
      }
    }
  ),

  law("READ-33", "bytes that are not borrowed stay as they were read", function* () {
    const body = Effect.gen(function* () {
      const { client, server } = yield* connectedPair()
      const sent = yield* randomBytes(100)
      const ways = [
        server.read,
        server.readUpTo(100),
        server.readExactly(100),
        server.readUntil(sent.subarray(90)),
        Effect.map(
          server.tryRead,
          Option.getOrElse(() => new Uint8Array(0))
        )
      ]
      const kept: Array<Uint8Array> = []
      for (const way of [...ways, ...ways]) {
        yield* client.write(sent)
        yield* server.awaitReadable
        kept.push(yield* way)
      }
      for (const bytes of kept) yield* sameBytes(bytes, sent, "bytes read before others")
    })
    yield* withPorts(reusing, Effect.scoped(body))
  }),

  law("ACC-32", "localhost tries another port when its second address has the first", function* () {
    let refusals = 2
    const taken = new PortFailure(Reason.Reason.AddressInUse())
    const change = failingListens(taken, (request) => isIPv6(request) && refusals-- > 0)
    const body = Effect.gen(function* () {
      const listener = yield* Tcp.listen({ host: "localhost", port: 0 })
      const [first, second] = listener.addresses.map(portOf)
      yield* equals(second, first, "port of the second")
      yield* connectTo(listener)
    })
    yield* withPorts(change, Effect.scoped(body))
  })
])
