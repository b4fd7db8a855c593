/** The server as its clients see it: expiry, pub/sub, bounds, and how it ends. */
import type { Sim } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { SimBackend } from "@portico/sim"
import { describe, expect, it } from "vitest"
import { bytesOf } from "../src/resp/Ascii.ts"
import { request } from "../src/resp/RequestWriter.ts"
import { client, inEveryOrder, start } from "./KvWorld.ts"

const millis = Clock.currentTimeMillis
const big = "x".repeat(1_000)

/** Many worlds, which a busy machine holds up. */
const timeout = 30_000

describe("a server", { timeout }, () => {
  it("answers, one request after the other and many at once", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* start()
        const one = yield* client
        expect(yield* one.ask("SET", "a", "1")).toBe("OK")
        expect(yield* one.ask("GET", "a")).toBe("1")
        const all = Array.from({ length: 500 }, () => request("INCR", "n"))
        yield* Effect.forkChild(one.stream.writeAll(all))
        for (let count = 1; count <= 500; count++) expect(yield* one.receivePlain).toBe(count)
      }),
      3
    ))

  it("takes requests in any pieces", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* start()
        const one = yield* client
        for (const byte of request("SET", "key", "value")) {
          yield* one.stream.write(Uint8Array.of(byte))
          yield* Effect.sleep("1 millis")
        }
        expect(yield* one.receivePlain).toBe("OK")
        expect(yield* one.ask("GET", "key")).toBe("value")
      }),
      3
    ))

  it("refuses what is no request, with a reply that arrives, and ends that connection", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* start()
        const one = yield* client
        yield* one.stream.write(bytesOf("*1\r\n:5\r\nSET a 1\r\n"))
        expect(yield* one.receivePlain).toBe("!ERR Protocol error: expected '$', got ':'")
        expect(yield* one.stream.read).toHaveLength(0)
        const other = yield* client
        expect(yield* other.ask("DBSIZE")).toBe(0)
      })
    ))

  it("answers all that came before the client's end, and then ends, too", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* start()
        const one = yield* client
        yield* one.stream.writeAll([request("SET", "a", "1"), request("GET", "a")])
        yield* one.stream.shutdown
        expect(yield* one.receivePlain).toBe("OK")
        expect(yield* one.receivePlain).toBe("1")
        expect(yield* one.stream.read).toHaveLength(0)
      })
    ))

  it("runs a transaction with nothing between, unless a watched key has changed", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* start()
        const one = yield* client
        const other = yield* client
        yield* one.ask("WATCH", "a")
        yield* one.ask("MULTI")
        expect(yield* one.ask("INCR", "a")).toBe("QUEUED")
        yield* other.ask("SET", "a", "5")
        expect(yield* one.ask("EXEC")).toBe(null)
        yield* one.ask("MULTI")
        yield* one.ask("INCR", "a")
        yield* one.ask("GET", "a")
        yield* other.ask("SET", "b", "1")
        expect(yield* one.ask("EXEC")).toStrictEqual([6, "6"])
      })
    ))

  it("says OOM when memory is used up, and serves what it has", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { engine } = yield* start({ memoryBytesMax: 20_000 })
        const one = yield* client
        let count = 0
        while ((yield* one.ask("SET", `key:${count}`, big)) === "OK") count++
        expect(yield* one.ask("SET", "more", big)).toBe(
          "!OOM command not allowed when used memory > 'maxmemory'."
        )
        expect(engine.keyspace.memoryBytes).toBeLessThanOrEqual(20_000)
        expect(count).toBeGreaterThan(10)
        expect(yield* one.ask("GET", "key:0")).toBe(big)
        expect(yield* one.ask("DEL", "key:0")).toBe(1)
        expect(yield* one.ask("SET", "more", big)).toBe("OK")
      }),
      3
    ))
})

describe("keys expire", { timeout }, () => {
  it("when their time is over, to the millisecond for who asks", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* start()
        const one = yield* client
        const before = yield* millis
        yield* one.ask("SET", "a", "1", "PX", 1_500)
        expect(yield* one.ask("TTL", "a")).toBeGreaterThanOrEqual(1)
        while ((yield* one.ask("GET", "a")) !== null) yield* Effect.sleep("1 millis")
        const elapsed = (yield* millis) - before
        expect(elapsed).toBeGreaterThanOrEqual(1_500)
        expect(elapsed).toBeLessThan(1_505)
      }),
      3
    ))

  it("also when nobody asks", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { engine } = yield* start()
        const one = yield* client
        for (let count = 0; count < 50; count++) {
          yield* one.ask("SET", `key:${count}`, "1", "EX", 10 + count)
        }
        yield* Effect.sleep("36 seconds")
        // A second late at most.
        expect(engine.keyspace.size).toBeLessThanOrEqual(24)
        expect(engine.keyspace.size).toBeGreaterThanOrEqual(23)
        yield* Effect.sleep("35 seconds")
        expect(engine.keyspace).toMatchObject({ size: 0, memoryBytes: 0, expired: 50 })
      }),
      3
    ))
})

describe("subscribers", { timeout }, () => {
  it("get messages of their channels and patterns, in order, and know when", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* start()
        const one = yield* client
        const other = yield* client
        yield* one.ask("SUBSCRIBE", "news")
        yield* one.ask("PSUBSCRIBE", "n*")
        for (let count = 0; count < 20; count++) {
          expect(yield* other.ask("PUBLISH", "news", count)).toBe(2)
        }
        for (let count = 0; count < 20; count++) {
          expect(yield* one.receivePlain).toStrictEqual(["message", "news", String(count)])
          expect(yield* one.receivePlain).toStrictEqual(["pmessage", "n*", "news", String(count)])
        }
        expect(yield* one.ask("GET", "a")).toContain("!ERR Can't execute 'get'")
        expect(yield* one.ask("PING")).toStrictEqual(["pong", ""])
        yield* one.ask("UNSUBSCRIBE", "news")
        expect(yield* one.ask("PUNSUBSCRIBE")).toStrictEqual(["punsubscribe", "n*", 0])
        expect(yield* one.ask("GET", "a")).toBe(null)
        expect(yield* other.ask("PUBLISH", "news", "x")).toBe(0)
      }),
      5
    ))

  it("that do not read are cut off, and nobody waits for them", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { engine } = yield* start()
        const slow = yield* client
        const quick = yield* client
        const publisher = yield* client
        yield* slow.ask("SUBSCRIBE", "news")
        yield* quick.ask("SUBSCRIBE", "news")
        const reading = yield* Effect.forkChild(
          Effect.forEach(Array.from({ length: 600 }), () => quick.receivePlain)
        )
        const began = yield* millis
        for (let count = 0; count < 600; count++) yield* publisher.ask("PUBLISH", "news", big)
        expect((yield* millis) - began).toBeLessThan(1_000)
        expect(yield* Fiber.join(reading)).toHaveLength(600)
        expect(engine.statistics.subscribersCut).toBe(1)
        const exit = yield* Effect.exit(Effect.forever(slow.receive))
        expect(String(exit)).toContain("ConnectionReset")
        expect(yield* publisher.ask("PUBLISH", "news", "x")).toBe(1)
      }),
      3
    ))
})

describe("a server that drains", { timeout }, () => {
  it("answers what was asked, ends idle connections, and leaves a whole log", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const server = yield* start({ sync: "every-second" })
        const idle = yield* client
        const busy = yield* client
        yield* idle.ask("PING")
        const whole = request("SET", "a", "1")
        yield* busy.stream.write(whole.subarray(0, 10))
        yield* Effect.sleep("1 millis")
        const drain = yield* Effect.forkChild(server.drain)
        expect(yield* idle.stream.read).toHaveLength(0)
        yield* Effect.sleep("1 second")
        yield* busy.stream.write(whole.subarray(10))
        expect(yield* busy.receivePlain).toBe("OK")
        expect(yield* busy.stream.read).toHaveLength(0)
        expect(yield* Fiber.join(drain)).toBe(0)
        yield* server.stopped
        const next = yield* start({ listen: { host: "127.0.0.1", port: 6380 } })
        expect(next.engine.keyspace.size).toBe(1)
      })
    ))

  it("has its data directory for itself until then", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const server = yield* start({ processId: 4_711 })
        const second = Effect.scoped(start({ listen: { host: "127.0.0.1", port: 6380 } }))
        const refusal = yield* Effect.flip(second)
        expect(refusal).toMatchObject({ _tag: "DirectoryInUse", directory: "/kv" })
        expect(refusal.message).toMatch(/^Another server .*, process 4711 since .*: \/kv$/)
        const one = yield* client
        expect(yield* one.ask("SET", "a", "1")).toBe("OK")
        yield* server.drain
        const { engine } = yield* start({ listen: { host: "127.0.0.1", port: 6380 } })
        expect(engine.keyspace.size).toBe(1)
      })
    ))

  it("cuts off at the deadline who does not end", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const server = yield* start({ drainDeadline: Duration.seconds(2) })
        const one = yield* client
        yield* one.stream.write(bytesOf("*2\r\n"))
        yield* Effect.sleep("1 millis")
        const began = yield* millis
        expect(yield* server.drain).toBe(1)
        expect((yield* millis) - began).toBeGreaterThanOrEqual(2_000)
        expect((yield* millis) - began).toBeLessThan(3_100)
      })
    ))
})

describe("a server in the simulator", { timeout }, () => {
  it("runs the same way for the same seed", () => {
    const program: Effect.Effect<unknown, unknown, SimBackend.Services | Sim.Sim> = Effect.gen(
      function* () {
        yield* start()
        const one = yield* client
        return yield* Effect.all([one.ask("INCR", "a"), Effect.sleep("1 millis")])
      }
    ).pipe(Effect.scoped)
    const [first, again, other] = [7, 7, 8].map((seed) =>
      SimBackend.simulate(program, { seed, order: "random" })
    )
    expect(Exit.isSuccess(first!.exit)).toBe(true)
    expect(again!.hash).toBe(first!.hash)
    expect(other!.hash).not.toBe(first!.hash)
  })
})
