/** TLS on either side of a relay, and on both. */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { type IoError, Tcp, type TcpStream, Tls } from "@portico/core"
import { authority, server } from "@portico/testkit/Certificates"
import { describe, expect, it } from "vitest"
import {
  ask,
  greeting,
  inEveryOrder,
  loopback,
  portOf,
  readReply,
  request,
  startRelay
} from "./RelayWorld.ts"

const connectionsMax = 10
const listenTls = server
const targetTls = { trust: [authority], serverName: "localhost" }

/** Which side speaks TLS. */
const sides = [
  ["the client", { listenTls }],
  ["the target", { targetTls }],
  ["both", { listenTls, targetTls }]
] as const

type Options = NonNullable<Parameters<typeof startRelay>[0]>

/** A target, with TLS or without, that hands its one connection to the test. */
const startTarget = Effect.fnUntraced(function* ({ targetTls }: Options) {
  const taken = yield* Deferred.make<TcpStream.TcpStream>()
  const handOver = (stream: TcpStream.TcpStream) =>
    Effect.andThen(Deferred.succeed(taken, stream), Effect.never)
  const options = { port: 0, connectionsMax, drainDeadline: 0 }
  const { address } =
    targetTls === undefined
      ? yield* Tcp.serve(handOver, options)
      : yield* Tls.serve(handOver, {
          ...options,
          context: yield* Tls.serverContext({ credentials: server })
        })
  return { port: portOf(address), taken: Deferred.await(taken) }
})

/** A connection to the relay, with TLS if it wants that. */
const connect = Effect.fnUntraced(function* (
  address: { readonly port: number },
  { listenTls }: Options
) {
  if (listenTls === undefined) return yield* Tcp.connect(address)
  const context = yield* Tls.clientContext({ trust: [authority] })
  return yield* Tls.connect({ ...address, serverName: "localhost", context })
})

/** A tunnel with both of its ends. */
const startTunnel = Effect.fnUntraced(function* (options: Options) {
  const { port, taken } = yield* startTarget(options)
  const relay = yield* startRelay(options)
  const client = yield* connect(relay.address, options)
  yield* ask(client, greeting, 2)
  yield* client.write(Uint8Array.from(loopback(port)))
  const { code } = yield* readReply(client)
  if (code !== 0) throw new Error(`No tunnel: code ${code}`)
  return { ...relay, client, target: yield* taken }
})

const isReset = (exit: Exit.Exit<unknown, IoError.IoError>) =>
  expect(exit).toMatchObject({
    cause: { reasons: [{ error: { reason: { _tag: "ConnectionReset" } } }] }
  })

describe.each(sides)("a relay that speaks TLS with %s", (_, options) => {
  it("carries bytes, and the end of each side while the other goes on", () =>
    inEveryOrder(
      Effect.gen(function* () {
        for (const isClientFirst of [true, false]) {
          const { client, statistics, target } = yield* startTunnel(options)
          const [first, second] = isClientFirst ? [client, target] : [target, client]
          const bytes = new Uint8Array(300_000).map((__, index) => index * 7)
          yield* first.write(bytes)
          yield* first.shutdown
          const received = yield* second.readExactly(bytes.length)
          expect(received.every((byte, index) => byte === bytes[index])).toBe(true)
          expect(yield* second.read).toHaveLength(0)
          yield* Effect.sleep("30 seconds")
          yield* second.write(Uint8Array.of(3))
          expect(yield* first.readExactly(1)).toStrictEqual(Uint8Array.of(3))
          yield* second.shutdown
          expect(yield* first.read).toHaveLength(0)
          yield* Effect.sleep("1 second")
          expect(statistics.text).toContain("finished=1 ")
        }
      }).pipe(Effect.scoped)
    ))

  it.each(["client", "target"] as const)("carries a reset of the %s", (who) =>
    inEveryOrder(
      Effect.gen(function* () {
        const ends = yield* startTunnel(options)
        const [rude, other] =
          who === "client" ? [ends.client, ends.target] : [ends.target, ends.client]
        yield* rude.reset
        isReset(yield* Effect.exit(other.read))
        yield* Effect.sleep("1 second")
        expect(ends.statistics.text).toContain("lost=1 ")
      }).pipe(Effect.scoped)
    )
  )

  it("cuts a silent tunnel off, on both sides", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { client, statistics, target } = yield* startTunnel(options)
        isReset(yield* Effect.exit(client.read))
        isReset(yield* Effect.exit(target.read))
        expect(statistics.text).toContain("silent=1 ")
      }).pipe(Effect.scoped)
    ))

  it.each(["client", "target"] as const)("holds the %s back", (who) =>
    inEveryOrder(
      Effect.gen(function* () {
        const ends = yield* startTunnel(options)
        const sender = who === "client" ? ends.client : ends.target
        const chunk = new Uint8Array(64 * 1024)
        yield* Effect.ignore(Effect.forever(sender.write(chunk)))
        expect(sender.counters.bytesWritten).toBeLessThan(2 * 1024 * 1024)
      }).pipe(Effect.scoped)
    )
  )

  it("drains", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { client, server: relay, target } = yield* startTunnel(options)
        const drain = yield* Effect.forkChild(relay.drain({ deadline: "5 seconds" }))
        yield* client.write(Uint8Array.of(1))
        expect(yield* target.readExactly(1)).toStrictEqual(Uint8Array.of(1))
        isReset(yield* Effect.exit(client.read))
        expect(yield* Fiber.join(drain)).toStrictEqual({ finished: 0, interrupted: 1, left: 0 })
      }).pipe(Effect.scoped)
    ))
})

/** Reads until the end, or whatever failure comes instead. */
const awaitEnd = (stream: TcpStream.TcpStream) =>
  Effect.ignore(
    Effect.gen(function* () {
      while ((yield* stream.read).length > 0);
    })
  )

describe("a relay that wants TLS of its clients", () => {
  const seconds = Effect.map(Clock.currentTimeMillis, (millis) => millis / 1000)

  it("drops who speaks none", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { address, statistics } = yield* startRelay({ listenTls })
        const stream = yield* Tcp.connect(address)
        yield* stream.write(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"))
        yield* awaitEnd(stream)
        yield* Effect.sleep("1 second")
        expect(statistics.text).toContain("refused=1 ")
      }).pipe(Effect.scoped)
    ))

  it("has one handshake timeout for TLS and SOCKS", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const handshakeTimeout = Duration.seconds(10)
        const { address, statistics } = yield* startRelay({ listenTls, handshakeTimeout })
        const began = yield* seconds
        // One says nothing at all; the other says nothing but TLS, and that late.
        const silent = yield* Tcp.connect(address)
        const slow = yield* Tcp.connect(address)
        yield* Effect.sleep("7 seconds")
        const context = yield* Tls.clientContext({ trust: [authority] })
        const secure = yield* Tls.client(slow, { serverName: "localhost", context })
        for (const stream of [silent, secure]) {
          yield* awaitEnd(stream)
          const elapsed = (yield* seconds) - began
          expect(elapsed).toBeGreaterThanOrEqual(10)
          expect(elapsed).toBeLessThan(10.1)
        }
        yield* Effect.sleep("1 second")
        expect(statistics.text).toContain("silent=2 ")
      }).pipe(Effect.scoped)
    ))
})

describe("a relay that speaks TLS with targets", () => {
  it.each([
    ["whose authority it does not trust", { trust: "system" as const, serverName: "localhost" }],
    ["that are somebody else", { trust: [authority], serverName: "other.test" }]
  ])("does not reach those %s: code 1", (_, distrusting) =>
    inEveryOrder(
      Effect.gen(function* () {
        const { port } = yield* startTarget({ targetTls })
        const { address, statistics } = yield* startRelay({ targetTls: distrusting })
        const { reply, stream } = yield* request(address, loopback(port))
        expect(reply.code).toBe(1)
        expect(yield* stream.read).toHaveLength(0)
        yield* stream.shutdown
        yield* Effect.sleep("2 seconds")
        expect(statistics.text).toContain("unreachable=1 ")
      }).pipe(Effect.scoped)
    )
  )
})
