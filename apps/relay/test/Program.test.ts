/** Tunnels: how they carry bytes, ends and resets, and how they end. */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import { IoError, Tcp, type TcpStream } from "@portico/core"
import { Sim, SimBackend } from "@portico/sim"
import { describe, expect, it } from "vitest"
import {
  echo,
  inEveryOrder,
  loopback,
  readAll,
  startRelay,
  startTarget,
  tunnelTo
} from "./RelayWorld.ts"

const seconds = Effect.map(Clock.currentTimeMillis, (millis) => millis / 1000)

/** A target that hands its one connection to the test; it is closed when the test ends. */
const startHandOver = Effect.gen(function* () {
  const taken = yield* Deferred.make<TcpStream.TcpStream>()
  const port = yield* startTarget((stream) =>
    Effect.andThen(Deferred.succeed(taken, stream), Effect.never)
  )
  return { port, taken: Deferred.await(taken) }
})

/** A tunnel with both of its ends. */
const startTunnel = Effect.fnUntraced(function* (overrides: Parameters<typeof startRelay>[0] = {}) {
  const { port, taken } = yield* startHandOver
  const relay = yield* startRelay(overrides)
  const client = yield* tunnelTo(relay.address, port)
  return { ...relay, client, target: yield* taken }
})

/** Writes chunks of random length at random times while it reads. */
const talk = Effect.fnUntraced(function* (address: { readonly port: number }, port: number) {
  const stream = yield* tunnelTo(address, port)
  const reader = yield* Effect.forkChild(readAll(stream))
  const sent: Array<number> = []
  for (let chunk = 0; chunk < 8; chunk += 1) {
    const length = yield* Random.nextIntBetween(0, 3_000)
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + chunk) & 0xff)
    sent.push(...bytes)
    yield* stream.write(bytes)
    yield* Effect.sleep(Duration.micros(BigInt(yield* Random.nextIntBetween(0, 50))))
  }
  yield* stream.shutdown
  return { sent, received: yield* Fiber.join(reader) }
}, Effect.scoped)

const failsWith = (reason: string) => (exit: Exit.Exit<unknown, IoError.IoError>) =>
  expect(exit).toMatchObject({ cause: { reasons: [{ error: { reason: { _tag: reason } } }] } })

const isReset = failsWith("ConnectionReset")

describe("a relay carries", () => {
  it("every byte of every client both ways, and counts them", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const port = yield* startTarget(echo)
        const { address, statistics } = yield* startRelay()
        const talks = Array.from({ length: 3 }, () => talk(address, port))
        let bytes = 0
        for (const { received, sent } of yield* Effect.all(talks, { concurrency: 3 })) {
          expect(received).toStrictEqual(sent)
          bytes += sent.length
        }
        yield* Effect.sleep("1 second")
        expect(statistics.text).toBe(
          `accepted=3 open=0 bytes_up=${bytes} bytes_down=${bytes} ` +
            "finished=3 lost=0 silent=0 unreachable=0 refused=0 stopped=0 failed=0"
        )
      }).pipe(Effect.scoped)
    ))

  it("the client's end to the target, which may answer after it", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { client, target } = yield* startTunnel()
        yield* client.write(Uint8Array.of(1, 2))
        yield* client.shutdown
        expect(yield* target.readExactly(2)).toStrictEqual(Uint8Array.of(1, 2))
        expect(yield* target.read).toHaveLength(0)
        yield* Effect.sleep("30 seconds")
        yield* target.write(Uint8Array.of(3))
        expect(yield* client.readExactly(1)).toStrictEqual(Uint8Array.of(3))
        yield* target.shutdown
        expect(yield* client.read).toHaveLength(0)
      }).pipe(Effect.scoped)
    ))

  it("the target's end to the client, which may go on after it", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { client, target } = yield* startTunnel()
        yield* target.shutdown
        expect(yield* client.read).toHaveLength(0)
        yield* Effect.sleep("30 seconds")
        yield* client.write(Uint8Array.of(3))
        expect(yield* target.readExactly(1)).toStrictEqual(Uint8Array.of(3))
        yield* client.shutdown
        expect(yield* target.read).toHaveLength(0)
      }).pipe(Effect.scoped)
    ))

  it.each(["client", "target"] as const)("a reset of the %s to the other side", (who) =>
    inEveryOrder(
      Effect.gen(function* () {
        const ends = yield* startTunnel()
        const [rude, other] =
          who === "client" ? [ends.client, ends.target] : [ends.target, ends.client]
        yield* rude.write(Uint8Array.of(1))
        expect(yield* other.readExactly(1)).toStrictEqual(Uint8Array.of(1))
        yield* rude.reset
        isReset(yield* Effect.exit(other.read))
        yield* Effect.sleep("1 second")
        expect(ends.statistics.text).toContain("lost=1")
      }).pipe(Effect.scoped)
    )
  )

  it("a reset that comes after the other side's end", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { client, target } = yield* startTunnel()
        yield* target.shutdown
        expect(yield* client.read).toHaveLength(0)
        yield* client.reset
        isReset(yield* Effect.exit(target.read))
      }).pipe(Effect.scoped)
    ))

  it("the last bytes of a target that ended to a client that reads late", () =>
    inEveryOrder(
      Effect.gen(function* () {
        // Three simulated kernel buffers of 212,992 bytes hold less; the relay has the rest.
        const bytes = new Uint8Array(900_000).fill(7)
        const port = yield* startTarget((stream) =>
          Effect.andThen(stream.write(bytes), stream.shutdown)
        )
        const { address } = yield* startRelay()
        const client = yield* tunnelTo(address, port)
        yield* client.shutdown
        // Longer than the grace that `close` gives to bytes that have not left.
        yield* Effect.sleep("30 seconds")
        const received = yield* client.readExactly(bytes.length)
        expect(received.every((byte) => byte === 7)).toBe(true)
        expect(yield* client.read).toHaveLength(0)
      }).pipe(Effect.scoped)
    ))
})

describe("a relay holds back", () => {
  const chunk = new Uint8Array(64 * 1024)

  it.each(["client", "target"] as const)("the %s while the other side does not read", (who) =>
    inEveryOrder(
      Effect.gen(function* () {
        const ends = yield* startTunnel({ idleTimeout: Duration.seconds(40) })
        const sender = who === "client" ? ends.client : ends.target
        const error = yield* Effect.flip(Effect.forever(sender.write(chunk)))
        expect(IoError.isIoError(error)).toBe(true)
        // Four kernel buffers of 208 KiB, and the queues of the ends and of the relay.
        expect(sender.counters.bytesWritten).toBeLessThan(2 * 1024 * 1024)
        yield* Effect.sleep("1 second")
        expect(ends.statistics.text).toContain("silent=1")
      }).pipe(Effect.scoped)
    )
  )

  it("clients beyond the connection limit, until one of the others has left", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const port = yield* startTarget(echo)
        const { address } = yield* startRelay({ connectionsMax: 2 })
        const first = yield* tunnelTo(address, port)
        yield* tunnelTo(address, port)
        const third = yield* Effect.forkChild(tunnelTo(address, port))
        yield* Effect.sleep("30 seconds")
        expect(third.pollUnsafe()).toBe(undefined)
        yield* first.shutdown
        expect(yield* first.read).toHaveLength(0)
        yield* Fiber.join(third)
      }).pipe(Effect.scoped)
    ))
})

describe("a relay ends", () => {
  it("a tunnel that was silent for the idle timeout, by resets, and spares one that was not", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const busyPort = yield* startTarget(echo)
        const { address, client, target } = yield* startTunnel({
          idleTimeout: Duration.seconds(40)
        })
        const busy = yield* tunnelTo(address, busyPort)
        const trickle = Effect.andThen(busy.write(Uint8Array.of(1)), busy.readExactly(1))
        yield* Effect.forkScoped(
          Effect.forever(Effect.andThen(trickle, Effect.sleep("30 seconds")))
        )
        const before = yield* seconds
        isReset(yield* Effect.exit(client.read))
        isReset(yield* Effect.exit(target.read))
        const elapsed = (yield* seconds) - before
        expect(elapsed).toBeGreaterThanOrEqual(40)
        expect(elapsed).toBeLessThanOrEqual(50.1)
        yield* Effect.sleep("10 minutes")
        expect(busy.state._tag).toBe("Open")
      }).pipe(Effect.scoped)
    ))

  it("by draining: who is in the middle finishes, who is idle is cut off at the deadline", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const port = yield* startTarget(echo)
        const { address, client: idle, server, statistics } = yield* startTunnel()
        const busy = yield* tunnelTo(address, port)
        const drain = yield* Effect.forkChild(server.drain({ deadline: "5 seconds" }))
        yield* Effect.sleep("1 second")
        yield* busy.write(Uint8Array.of(2))
        expect(yield* busy.readExactly(1)).toStrictEqual(Uint8Array.of(2))
        yield* busy.shutdown
        expect(yield* busy.read).toHaveLength(0)
        isReset(yield* Effect.exit(idle.read))
        expect(yield* Fiber.join(drain)).toStrictEqual({ finished: 1, interrupted: 1, left: 0 })
        expect(statistics.text).toContain("open=0")
        expect(statistics.text).toContain("finished=1")
        expect(statistics.text).toContain("stopped=1")
      }).pipe(Effect.scoped)
    ))
})

describe("a forwarder", () => {
  it("leads everybody to its target, whose name it looks up each time", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const sim = yield* Sim.Sim
        const port = yield* startTarget(echo, "localhost")
        const target = { host: "app.internal", port }
        const { address } = yield* startRelay({ mode: { _tag: "Forward", target } })
        for (const addresses of [["127.0.0.1"], ["::1"]]) {
          yield* sim.setHost("app.internal", { addresses })
          const stream = yield* Tcp.connect(address)
          // What is SOCKS elsewhere is plain bytes here.
          const bytes = Uint8Array.from(loopback(1))
          yield* stream.write(bytes)
          expect(yield* stream.readExactly(bytes.length)).toStrictEqual(bytes)
        }
      }).pipe(Effect.scoped)
    ))

  it("resets a client whose target cannot be reached", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const target = { host: "no.internal", port: 80 }
        const { address, statistics } = yield* startRelay({ mode: { _tag: "Forward", target } })
        const stream = yield* Tcp.connect(address)
        isReset(yield* Effect.exit(stream.read))
        expect(statistics.text).toContain("unreachable=1")
      }).pipe(Effect.scoped)
    ))
})

describe("a relay in the simulator", () => {
  it("runs the same way for the same seed", () => {
    const program = Effect.gen(function* () {
      const port = yield* startTarget(echo)
      const { address } = yield* startRelay()
      return yield* talk(address, port)
    }).pipe(Effect.scoped)
    const [first, again, other] = [7, 7, 8].map((seed) =>
      SimBackend.simulate(program, { seed, order: "random" })
    )
    expect(Exit.isSuccess(first!.exit)).toBe(true)
    expect(again!.hash).toBe(first!.hash)
    expect(other!.hash).not.toBe(first!.hash)
  })
})
