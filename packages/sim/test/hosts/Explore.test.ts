import { Tcp } from "@portico/core"
import { Explore, Probe, SimWorld, Strategy } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { describe, expect, it } from "vitest"
import { port } from "./Echo.ts"

// A client that pays again when no answer came in time; a server that counts.
const pay = (isIdempotent: boolean) =>
  Effect.gen(function* () {
    const world = yield* SimWorld.World
    const [bank, shop] = [yield* world.host("bank"), yield* world.host("shop")]
    const paid: Array<number> = []
    yield* bank.start(() =>
      Effect.gen(function* () {
        yield* Tcp.serve(
          (stream) =>
            Effect.gen(function* () {
              const [order] = yield* stream.readExactly(1)
              if (!isIdempotent || !paid.includes(order!)) paid.push(order!)
              yield* stream.write(Uint8Array.of(1))
            }),
          { host: "0.0.0.0", port, connectionsMax: 10 }
        )
        return yield* Effect.never
      }).pipe(Effect.scoped)
    )
    const once = Effect.gen(function* () {
      const stream = yield* Tcp.connect({ host: "bank", port })
      yield* stream.write(Uint8Array.of(7))
      yield* stream.readExactly(1)
    }).pipe(Effect.scoped, Effect.timeout("50 millis"))
    yield* Effect.scoped(
      Effect.gen(function* () {
        yield* world.swarm({ families: ["latency", "loss", "partition"] })
        yield* Effect.exit(shop.run(Effect.retry(once, Schedule.recurs(3))))
      })
    )
    yield* world.heal()
    yield* Effect.sleep("1 second")
    yield* Probe.always("an order is paid once", paid.length <= 1, `${paid.length} times`)
  })

describe("exploring hosts", () => {
  // Shrinking takes up to 500 runs.
  it("finds what only a bad network shows, and shrinks it", { timeout: 90_000 }, () => {
    const scenario = { world: pay(false) }
    const report = Explore.exploreSync(scenario, { runs: 100 })
    expect(report.found).toHaveLength(1)
    const [found] = report.found
    expect(Explore.fingerprint(found!.failure)).toBe("violation: always an order is paid once")
    const { decisions } = Explore.shrink(scenario, found!)
    expect(decisions.entries.filter(({ value }) => value !== 0).length).toBeLessThanOrEqual(20)
  })

  it("finds nothing in the fixed one", { timeout: 90_000 }, () => {
    const report = Explore.exploreSync({ world: pay(true) }, { runs: 100 })
    expect(report.found).toEqual([])
    expect(report.distinct).toBeGreaterThan(50)
  })
})

describe("a strategy that holds fibers back", () => {
  /** The longest of 40 runs, in virtual milliseconds, of a fiber that gives way ten times. */
  const longest = (isHealed: boolean) => {
    let millis = 0
    const world = Effect.gen(function* () {
      const all = yield* SimWorld.World
      const host = yield* all.host("host")
      if (isHealed) yield* all.heal()
      const began = yield* Clock.currentTimeMillis
      yield* host.run(Effect.repeat(Effect.yieldNow, Schedule.recurs(9)))
      millis = Math.max(millis, (yield* Clock.currentTimeMillis) - began)
    })
    const options = { runs: 40, strategy: Strategy.Starve(), allowLeaks: true }
    expect(Explore.exploreSync({ world }, options).found).toEqual([])
    return millis
  }

  it("ends when the world is healed", () => {
    expect(longest(false)).toBeGreaterThan(500)
    expect(longest(true)).toBe(0)
  })
})
