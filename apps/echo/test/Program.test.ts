import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import { EventLoop, IoError, Tcp, type TcpStream } from "@portico/core"
import { SimBackend } from "@portico/sim"
import { describe, expect, it } from "vitest"
import * as Program from "../src/Program.ts"

const seeds = Array.from({ length: 25 }, (_, index) => index + 1)

const options: Program.Options = {
  listen: { port: 0 },
  connectionsMax: 100,
  idleTimeout: Duration.minutes(1),
  drainDeadline: Duration.seconds(5)
}

/** Runs a program in the simulator with each seed; any task that is ready may be the next. */
const inEveryOrder = <E>(program: Effect.Effect<void, E, SimBackend.Services>) => {
  for (const seed of seeds) {
    const exit = SimBackend.runSync(program, { seed, order: "random" })
    expect(exit, `seed ${seed}`).toStrictEqual(Exit.void)
  }
}

const start = (overrides: Partial<Program.Options> = {}) =>
  Effect.map(Program.serve({ ...options, ...overrides }), (server) => {
    if (server.address._tag === "UnixPathAddress") throw new Error("Not a port")
    return { server, address: { port: server.address.port } }
  })

const readAll = Effect.fnUntraced(function* (stream: TcpStream.TcpStream) {
  const received: Array<number> = []
  while (true) {
    const bytes = yield* stream.readBorrowed
    if (bytes.length === 0) return received
    received.push(...bytes)
  }
})

/** Writes chunks of random length at random times while it reads. */
const talk = Effect.fnUntraced(function* (address: { readonly port: number }) {
  const stream = yield* Tcp.connect(address)
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

const seconds = Effect.map(Clock.currentTimeMillis, (millis) => millis / 1000)

describe("echo", () => {
  it("gives every byte back to every client, and leaves nothing open", () => {
    const clients = Effect.gen(function* () {
      const { address } = yield* start()
      const talks = [talk(address), talk(address), talk(address)]
      for (const { received, sent } of yield* Effect.all(talks, { concurrency: 3 })) {
        expect(received).toStrictEqual(sent)
      }
    })
    inEveryOrder(
      Effect.gen(function* () {
        yield* Effect.scoped(clients)
        expect(yield* EventLoop.EventLoop.use(({ handles }) => handles)).toHaveLength(0)
      })
    )
  })

  it("runs the same way for the same seed", () => {
    const program = Effect.scoped(Effect.flatMap(start(), ({ address }) => talk(address)))
    const [first, again, other] = [7, 7, 8].map((seed) =>
      SimBackend.simulate(program, { seed, order: "random" })
    )
    expect(Exit.isSuccess(first!.exit)).toBe(true)
    expect(again!.hash).toBe(first!.hash)
    expect(other!.hash).not.toBe(first!.hash)
  })

  it("closes a connection that was silent for the idle timeout, and spares one that was not", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { address } = yield* start({ idleTimeout: Duration.seconds(40) })
        const busy = yield* Tcp.connect(address)
        const trickle = Effect.andThen(busy.write(Uint8Array.of(1)), busy.readExactly(1))
        yield* Effect.forkScoped(
          Effect.forever(Effect.andThen(trickle, Effect.sleep("30 seconds")))
        )
        yield* Effect.sleep("5 seconds")
        const silent = yield* Tcp.connect(address)
        const before = yield* seconds
        expect(yield* silent.read).toHaveLength(0)
        const elapsed = (yield* seconds) - before
        expect(elapsed).toBeGreaterThanOrEqual(40)
        expect(elapsed).toBeLessThanOrEqual(50.1)
        yield* Effect.sleep("10 minutes")
        expect(busy.state._tag).toBe("Open")
      }).pipe(Effect.scoped)
    ))

  it("keeps the last bytes for a client that ended and reads late", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { address } = yield* start()
        const stream = yield* Tcp.connect(address)
        // The simulated kernel holds 2 × 212,992 of these; the server's queue has the rest.
        const bytes = new Uint8Array(430_000).fill(7)
        yield* stream.write(bytes)
        yield* stream.shutdown
        // Longer than the grace that `close` gives to bytes that have not left.
        yield* Effect.sleep("30 seconds")
        const received = yield* stream.readExactly(bytes.length)
        expect(received.every((byte) => byte === 7)).toBe(true)
        expect(yield* stream.read).toHaveLength(0)
      }).pipe(Effect.scoped)
    ))

  it("holds back a client that does not read, and drops it after the idle timeout", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { address } = yield* start({ idleTimeout: Duration.seconds(40) })
        const stream = yield* Tcp.connect(address)
        const chunk = new Uint8Array(64 * 1024)
        const error = yield* Effect.flip(Effect.forever(stream.write(chunk)))
        expect(IoError.isIoError(error)).toBe(true)
        // Four kernel buffers of 208 KiB, and the queues of the two ends.
        expect(stream.counters.bytesWritten).toBeLessThan(2 * 1024 * 1024)
      }).pipe(Effect.scoped)
    ))

  it("survives a client that resets", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { address, server } = yield* start()
        const rude = yield* Tcp.connect(address)
        yield* rude.write(new Uint8Array(10_000))
        yield* rude.reset
        const { received, sent } = yield* talk(address)
        expect(received).toStrictEqual(sent)
        expect((yield* server.counters).failed).toBe(0)
      }).pipe(Effect.scoped)
    ))

  it("drains: who is in the middle finishes, who is idle is ended at the deadline", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { address, server } = yield* start()
        const idle = yield* Tcp.connect(address)
        yield* idle.write(Uint8Array.of(1))
        yield* idle.readExactly(1)
        const busy = yield* Tcp.connect(address)
        yield* busy.write(Uint8Array.of(1))
        yield* busy.readExactly(1)
        const drain = yield* Effect.forkChild(server.drain({ deadline: "5 seconds" }))
        yield* Effect.sleep("1 second")
        yield* busy.write(Uint8Array.of(2))
        expect(yield* busy.readExactly(1)).toStrictEqual(Uint8Array.of(2))
        yield* busy.shutdown
        expect(yield* busy.read).toHaveLength(0)
        expect(yield* idle.read).toHaveLength(0)
        expect(yield* Fiber.join(drain)).toStrictEqual({ finished: 1, interrupted: 1, left: 0 })
      }).pipe(Effect.scoped)
    ))
})
