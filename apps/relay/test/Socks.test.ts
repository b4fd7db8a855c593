/** What a SOCKS client is told, by a relay that runs. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as IpNetwork from "effect/net/IpNetwork"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import { Reason, Tcp } from "@portico/core"
import { Sim } from "@portico/sim"
import { describe, expect, it } from "vitest"
import { Credentials, type User } from "../src/socks/Credentials.ts"
import type { Mode } from "../src/Session.ts"
import {
  ask,
  credentials,
  echo,
  greeting,
  inEveryOrder,
  loopback,
  portOf,
  readAll,
  readReply,
  request,
  startRelay,
  startTarget,
  toIpv4,
  toIpv6Loopback,
  toName
} from "./RelayWorld.ts"

const ann: User = { name: "ann", password: Redacted.make("se:sesame") }
const bob: User = { name: "bob", password: Redacted.make("b") }
const closed: Mode = { _tag: "Socks5", credentials: new Credentials([ann, bob]) }
const nameAndPassword = [5, 2, 0, 2]
const hello = [104, 101, 108, 108, 111]

describe("a SOCKS client reaches", () => {
  const asks = {
    "an IPv4 address": loopback,
    "an IPv6 address": toIpv6Loopback,
    "a name with both": (port: number) => toName("app.internal", port),
    localhost: (port: number) => toName("localhost", port),
    "an IPv4 literal in text": (port: number) => toName("127.0.0.1", port),
    "an IPv6 literal in text": (port: number) => toName("::1", port)
  }

  it.each(Object.entries(asks))("%s", (_, toTarget) =>
    inEveryOrder(
      Effect.gen(function* () {
        const sim = yield* Sim.Sim
        yield* sim.setHost("app.internal", { addresses: ["::1", "127.0.0.1"] })
        const peers: Array<number> = []
        const port = yield* startTarget(
          (stream) =>
            Effect.andThen(
              Effect.map(stream.peerAddress, (peer) => peers.push(portOf(peer))),
              echo(stream)
            ),
          "localhost"
        )
        const { address } = yield* startRelay()
        const { reply, stream } = yield* request(address, toTarget(port))
        expect(reply.code).toBe(0)
        // The relay's own end of the connection to the target.
        expect([reply.port]).toStrictEqual(peers)
        expect([
          [127, 0, 0, 1],
          [...Array(15).fill(0), 1]
        ]).toContainEqual(reply.host)
        expect(yield* ask(stream, hello, 5)).toStrictEqual(hello)
      }).pipe(Effect.scoped)
    )
  )
})

describe("a SOCKS client is told", () => {
  const never = "never.internal"
  const table = [
    ["that nothing listens there", 5, (port: number) => loopback(port)],
    ["that there is no route", 4, () => toIpv4([192, 0, 2, 1], 80)],
    ["that there is no such name", 4, () => toName("no.internal", 80)],
    ["that the name has no address", 4, () => toName("bare.internal", 80)],
    ["that it is not allowed", 2, () => toName("forbidden.internal", 80)],
    ["that the target does not answer", 6, () => toName(never, 80)],
    ["that BIND is not served", 7, () => [5, 2, 0, 1, 127, 0, 0, 1, 0, 80]],
    ["that UDP ASSOCIATE is not served", 7, () => [5, 3, 0, 1, 127, 0, 0, 1, 0, 80]],
    ["that its address is of no known type", 8, () => [5, 1, 0, 2, 1, 1, 1, 1, 0, 80]],
    ["of another version", 1, () => [4, 1, 0, 1, 127, 0, 0, 1, 0, 80]],
    ["of a reserved byte", 1, () => [5, 1, 9, 1, 127, 0, 0, 1, 0, 80]],
    ["of port 0", 1, () => loopback(0)],
    ["of an empty name", 1, () => [5, 1, 0, 3, 0, 0, 80]],
    ["of a name that is none", 1, () => toName("no name", 80)]
  ] as const

  it.each(table)("%s: code %i", (_, code, bytes) =>
    inEveryOrder(
      Effect.gen(function* () {
        const sim = yield* Sim.Sim
        yield* sim.setHost("bare.internal", { addresses: [] })
        yield* sim.setHost("forbidden.internal", { failure: Reason.Reason.PermissionDenied() })
        yield* sim.setHost(never, { delay: "1 hour" })
        const listener = yield* Tcp.listen({ port: 0 })
        const port = portOf(listener.address)
        yield* listener.close
        const { address } = yield* startRelay()
        const began = yield* Clock.currentTimeMillis
        const { reply, stream } = yield* request(address, bytes(port))
        expect(reply).toStrictEqual({ code, host: [0, 0, 0, 0], port: 0 })
        // Then the end, and no reset that could overtake the reply.
        expect(yield* stream.read).toHaveLength(0)
        const millis = (yield* Clock.currentTimeMillis) - began
        expect(Math.round(millis / 1000)).toBe(code === 6 ? 10 : 0)
      }).pipe(Effect.scoped)
    )
  )

  it.each([
    ["an address", loopback],
    ["an address of the other family", toIpv6Loopback],
    ["an IPv4 address in IPv6", (port: number) => toName("::ffff:127.0.0.1", port)],
    ["the unspecified address", (port: number) => toIpv4([0, 0, 0, 0], port)],
    ["localhost", (port: number) => toName("localhost", port)],
    ["a name that leads there", (port: number) => toName("inside.internal", port)]
  ])("that it may not go to a denied network, by %s: code 2", (_, bytes) =>
    inEveryOrder(
      Effect.gen(function* () {
        const sim = yield* Sim.Sim
        yield* sim.setHost("inside.internal", { addresses: ["::1", "127.0.0.1"] })
        const port = yield* startTarget(echo, "localhost")
        const denied = ["127.0.0.0/8", "::1/128"].map(IpNetwork.fromStringUnsafe)
        const { address, statistics } = yield* startRelay({ denied })
        const { reply, stream } = yield* request(address, bytes(port))
        expect(reply.code).toBe(2)
        expect(yield* stream.read).toHaveLength(0)
        yield* stream.shutdown
        yield* Effect.sleep("1 second")
        expect(statistics.text).toContain("unreachable=1 ")
      }).pipe(Effect.scoped)
    )
  )

  it("nothing of a denied network that it has no business with", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const sim = yield* Sim.Sim
        // The other address of the name is open.
        yield* sim.setHost("both.internal", { addresses: ["::1", "127.0.0.1"] })
        const port = yield* startTarget(echo, "localhost")
        const { address } = yield* startRelay({ denied: [IpNetwork.fromStringUnsafe("::1/128")] })
        for (const bytes of [loopback(port), toName("both.internal", port)]) {
          const { reply, stream } = yield* request(address, bytes)
          expect(reply).toMatchObject({ code: 0, host: [127, 0, 0, 1] })
          expect(yield* ask(stream, hello, 5)).toStrictEqual(hello)
        }
      }).pipe(Effect.scoped)
    ))

  it.each([
    ["of another version", [4, 1, 0, 80, 127, 0, 0, 1, 0]],
    [
      "that HTTP is not spoken here",
      Array.from(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"))
    ],
    ["that it has to offer a method", [5, 0]],
    ["that no method of its is acceptable", [5, 3, 1, 2, 3]]
  ])("%s: 05 FF", (_, bytes) =>
    inEveryOrder(
      Effect.gen(function* () {
        const { address } = yield* startRelay()
        const stream = yield* Tcp.connect(address)
        expect(yield* ask(stream, bytes, 2)).toStrictEqual([5, 0xff])
        expect(yield* stream.read).toHaveLength(0)
      }).pipe(Effect.scoped)
    )
  )
})

/** Everything that is logged meanwhile, as text. */
const logged = <A, E, R>(use: (text: () => string) => Effect.Effect<A, E, R>) => {
  const lines: Array<string> = []
  const logger = Logger.make(({ message }) => void lines.push(JSON.stringify(message)))
  return use(() => lines.join("\n")).pipe(
    Effect.provide(Logger.layer([logger])),
    Effect.provideService(References.MinimumLogLevel, "Debug")
  )
}

describe("with names and passwords", () => {
  it("a client that has them is served, and logged by name alone", () =>
    inEveryOrder(
      logged((log) =>
        Effect.gen(function* () {
          const port = yield* startTarget(echo)
          const { address } = yield* startRelay({ mode: closed })
          const stream = yield* Tcp.connect(address)
          expect(yield* ask(stream, nameAndPassword, 2)).toStrictEqual([5, 2])
          expect(yield* ask(stream, credentials("ann", "se:sesame"), 2)).toStrictEqual([1, 0])
          yield* stream.write(Uint8Array.from(loopback(port)))
          expect((yield* readReply(stream)).code).toBe(0)
          expect(yield* ask(stream, hello, 5)).toStrictEqual(hello)
          yield* stream.shutdown
          expect(yield* stream.read).toHaveLength(0)
          yield* stream.close
          yield* Effect.sleep("1 second")
          expect(log()).toMatch(
            /finished client=\S+ user=.*ann.* target=.* bytes_up=5 bytes_down=5/
          )
          expect(log()).not.toContain("sesam")
        }).pipe(Effect.scoped)
      )
    ))

  it.each([
    ["a wrong password", credentials("ann", "se:sesam")],
    ["a password that goes on", credentials("ann", "se:sesame!")],
    ["another's password", credentials("bob", "se:sesame")],
    ["an unknown name", credentials("eve", "se:sesame")],
    ["an empty name", [1, 0, 1, 65]],
    ["an empty password", [1, 3, 97, 110, 110, 0]],
    ["another version", [5, ...credentials("ann", "se:sesame").slice(1)]]
  ])("%s is refused", (_, bytes) =>
    inEveryOrder(
      logged((log) =>
        Effect.gen(function* () {
          const { address, statistics } = yield* startRelay({ mode: closed })
          const stream = yield* Tcp.connect(address)
          expect(yield* ask(stream, nameAndPassword, 2)).toStrictEqual([5, 2])
          expect(yield* ask(stream, bytes, 2)).toStrictEqual([1, 1])
          expect(yield* stream.read).toHaveLength(0)
          yield* stream.close
          yield* Effect.sleep("1 second")
          expect(statistics.text).toContain("refused=1")
          expect(log()).not.toContain("sesam")
        }).pipe(Effect.scoped)
      )
    )
  )

  it("a client that offers no password gets no further", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { address } = yield* startRelay({ mode: closed })
        const stream = yield* Tcp.connect(address)
        expect(yield* ask(stream, greeting, 2)).toStrictEqual([5, 0xff])
        expect(yield* stream.read).toHaveLength(0)
      }).pipe(Effect.scoped)
    ))
})

describe("a SOCKS client may", () => {
  const everything = (port: number) => [...greeting, ...loopback(port), ...hello]

  it("send everything at once, and its first bytes with it", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const port = yield* startTarget(echo)
        const { address } = yield* startRelay()
        const stream = yield* Tcp.connect(address)
        yield* stream.write(Uint8Array.from(everything(port)))
        yield* stream.shutdown
        const answer = yield* readAll(stream)
        expect(answer.slice(0, 4)).toStrictEqual([5, 0, 5, 0])
        expect(answer.slice(12)).toStrictEqual(hello)
      }).pipe(Effect.scoped)
    ))

  it("send it byte by byte", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const port = yield* startTarget(echo)
        const { address } = yield* startRelay()
        const stream = yield* Tcp.connect(address)
        for (const byte of everything(port)) {
          yield* stream.write(Uint8Array.of(byte))
          yield* Effect.sleep("100 millis")
        }
        const answer = yield* stream.readExactly(17)
        expect(Array.from(answer.subarray(12))).toStrictEqual(hello)
      }).pipe(Effect.scoped)
    ))

  it("leave at any byte, and nothing stays behind", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const port = yield* startTarget(echo)
        const { address, server } = yield* startRelay()
        const bytes = Uint8Array.from(everything(port))
        for (let count = 0; count <= bytes.length; count += 1) {
          const leave = Effect.gen(function* () {
            const stream = yield* Tcp.connect(address)
            yield* stream.write(bytes.subarray(0, count))
            if (count % 2 === 0) yield* stream.reset
          })
          yield* Effect.scoped(leave)
        }
        yield* Effect.sleep("2 seconds")
        expect(yield* server.connections).toBe(0)
      }).pipe(Effect.scoped)
    ))

  it("not take longer than the handshake timeout, however it trickles", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { address, statistics } = yield* startRelay()
        const stream = yield* Tcp.connect(address)
        const began = yield* Clock.currentTimeMillis
        const trickle = Effect.andThen(stream.write(Uint8Array.of(5)), Effect.sleep("3 seconds"))
        yield* Effect.forkScoped(Effect.ignore(Effect.forever(trickle)))
        // The method is chosen, if at all; a reply there is none.
        yield* Effect.ignore(readAll(stream))
        const seconds = ((yield* Clock.currentTimeMillis) - began) / 1000
        expect(seconds).toBeGreaterThanOrEqual(10)
        expect(seconds).toBeLessThan(10.1)
        expect(statistics.text).toContain("silent=1")
      }).pipe(Effect.scoped)
    ))
})
