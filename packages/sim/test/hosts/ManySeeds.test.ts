/** Hosts under bad networks, over many seeds: streams stay whole, and every run is what it was. */
import { Tcp, Udp } from "@portico/core"
import { SimWorld } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import { describe, expect, it } from "vitest"
import { EventHash } from "../../src/EventHash.ts"
import { port, serve } from "./Echo.ts"

const numbered = (count: number) => Uint8Array.from({ length: count }, (_, at) => at % 251)

// Clients that send what the seed says, in parts, while the network does its worst.
const talk = Effect.gen(function* () {
  const world = yield* SimWorld.World
  const [server, a, b] = [
    yield* world.host("server"),
    yield* world.host("a"),
    yield* world.host("b")
  ]
  yield* world.net.link("all", "all", {
    latency: { min: "100 micros", max: "20 millis" },
    tail: 0.05,
    loss: 0.1,
    duplicate: 0.1,
    reorder: 0.1
  })
  yield* server.start(() => serve)
  const client = Effect.gen(function* () {
    const stream = yield* Tcp.connect({ host: "server", port, timeout: "5 minutes" })
    let intact = true
    for (let round = 0; round < 3; round++) {
      const bytes = numbered(yield* Random.nextIntBetween(1, 8000))
      const [, back] = yield* Effect.all([stream.write(bytes), stream.readExactly(bytes.length)], {
        concurrency: "unbounded"
      })
      intact &&= back.every((byte, at) => byte === bytes[at])
    }
    return intact
  }).pipe(Effect.scoped)
  return yield* Effect.all([a.run(client), b.run(client)], { concurrency: "unbounded" })
})

describe("a bad network", () => {
  it("leaves streams whole, in 20 seeds", { timeout: 90_000 }, () => {
    for (let seed = 0; seed < 20; seed++) {
      const order = seed % 2 === 0 ? "fifo" : "random"
      const { exit } = SimWorld.simulate(talk, { seed, order })
      expect(exit, `seed ${seed}`).toEqual(Exit.succeed([true, true]))
    }
  })

  it("gives datagrams in any order and number", { timeout: 90_000 }, () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const [a, b] = [yield* world.host("a"), yield* world.host("b")]
      yield* world.net.link(a, b, { latency: { min: 1, max: 9 }, loss: 0.2, duplicate: 0.2 })
      const received: Array<number> = []
      yield* b.start(() =>
        Effect.gen(function* () {
          const socket = yield* Udp.bind({ host: "0.0.0.0", port: 9000 })
          for (;;) received.push((yield* socket.receive).bytes[0]!)
        }).pipe(Effect.scoped)
      )
      yield* Effect.sleep(1)
      yield* a.run(
        Effect.gen(function* () {
          const socket = yield* Udp.bind({ host: "0.0.0.0", port: 0 })
          for (let number = 0; number < 50; number++) {
            yield* socket.send(Uint8Array.of(number), { host: "10.0.0.2", port: 9000 })
          }
          yield* Effect.sleep(100)
        }).pipe(Effect.scoped)
      )
      return received
    })
    const runs = Array.from({ length: 20 }, (_, seed) => SimWorld.simulate(scenario, { seed }))
    const received = runs.map(({ exit }) => (Exit.isSuccess(exit) ? exit.value : []))
    const counts = received.map((numbers) => new Set(numbers).size)
    expect(Math.max(...counts)).toBeLessThanOrEqual(50)
    expect(Math.min(...counts)).toBeLessThan(45)
    expect(
      received.some((numbers) => numbers.some((number, at) => number < numbers[at - 1]!))
    ).toBe(true)
    expect(received.some((numbers) => numbers.length > new Set(numbers).size)).toBe(true)
  })
})

// Node and Bun both run this file, so that a difference between them fails on one.
describe("300 seeds of a bad network with a crash", () => {
  const hashOf = (seed: number): number => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const [server, client] = [yield* world.host("server"), yield* world.host("client")]
      yield* world.net.link(server, client, {
        latency: { min: 1, max: 5 },
        loss: 0.1,
        reorder: 0.1
      })
      yield* server.start(() => serve)
      yield* server.strikeAt({ on: "receive", index: 3 }, { crash: {}, downtime: "1 second" })
      const chat = Effect.gen(function* () {
        const stream = yield* Tcp.connect({ host: "server", port })
        for (let round = 0; round < 3; round++) {
          yield* stream.write(numbered(2000))
          yield* stream.readExactly(2000)
        }
      }).pipe(Effect.scoped, Effect.timeoutOption("3 seconds"))
      yield* Effect.exit(client.run(chat))
    })
    return SimWorld.simulate(scenario, { seed, order: seed % 2 === 0 ? "fifo" : "random" }).hash
  }
  const allHashes = (seeds: number) => {
    const hash = new EventHash()
    for (let seed = 0; seed < seeds; seed++) hash.add(hashOf(seed), 0, seed)
    return hash.value
  }

  it("are the same the second time, and as they were checked in", { timeout: 90_000 }, () => {
    expect(allHashes(50)).toBe(allHashes(50))
    expect(allHashes(300)).toMatchInlineSnapshot(`2756736988`)
  })
})
