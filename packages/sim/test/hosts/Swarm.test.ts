import { SimWorld } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schedule from "effect/Schedule"
import { describe, expect, it } from "vitest"
import { draw, families } from "../../src/fault/FaultProfile.ts"
import { Prng } from "../../src/Prng.ts"
import { ask, serve } from "./Echo.ts"

const zeroes = Object.assign(new Prng(1, 1), { below: () => 0 })

describe("a profile", () => {
  it("of zeroes has no fault", () => {
    expect(draw(zeroes, families)).toMatchObject({
      families: [],
      link: { loss: 0, duplicate: 0, reorder: 0 },
      strikes: []
    })
  })

  it("has each family in about half of the seeds, and only those that are allowed", () => {
    const profiles = Array.from({ length: 200 }, (_, seed) => draw(new Prng(seed, 1), families))
    for (const family of families) {
      const count = profiles.filter((profile) => profile.families.includes(family)).length
      expect(count).toBeGreaterThan(60)
      expect(count).toBeLessThan(140)
    }
    const allowed = Array.from({ length: 50 }, (_, seed) => draw(new Prng(seed, 1), ["loss"]))
    expect(new Set(allowed.flatMap((profile) => profile.families))).toEqual(new Set(["loss"]))
  })
})

const threeHosts = Effect.gen(function* () {
  const world = yield* SimWorld.World
  const [server, a, b] = [
    yield* world.host("server"),
    yield* world.host("a"),
    yield* world.host("b")
  ]
  yield* server.start(() => serve)
  return { world, server, a, b }
})

// Safety first: whatever comes back is right. Then the faults end, and something has to come back.
const survive = Effect.gen(function* () {
  const { a, b, server, world } = yield* threeHosts
  let wrong = 0
  const faulty = Effect.gen(function* () {
    yield* world.swarm({ hosts: [server], downMax: 1 })
    const once = ask("server", 500).pipe(Effect.timeoutOption("2 seconds"), Effect.exit)
    for (let round = 0; round < 4; round++) {
      for (const host of [a, b]) {
        const exit = yield* Effect.exit(host.run(once))
        const echoed =
          Exit.isSuccess(exit) && Exit.isSuccess(exit.value) ? exit.value.value : undefined
        if (echoed?._tag === "Some" && echoed.value !== 500) wrong++
      }
      yield* Effect.sleep("1 second")
    }
  })
  yield* Effect.scoped(faulty)
  yield* world.heal()
  const begin = yield* Clock.currentTimeMillis
  const policy = Schedule.spaced("10 millis")
  const echoes = [
    yield* Effect.retry(a.run(ask("server")), policy),
    yield* Effect.retry(b.run(ask("server")), policy)
  ]
  const took = (yield* Clock.currentTimeMillis) - begin
  return { wrong, echoes, took, struck: yield* world.struck }
})

describe("a swarm of faults", () => {
  it(
    "strikes most runs, breaks no stream, and is over when it is healed",
    { timeout: 90_000 },
    () => {
      let struck = 0
      const hashes = new Set<number>()
      for (let seed = 0; seed < 40; seed++) {
        const { exit, hash } = SimWorld.simulate(survive, { seed })
        if (Exit.isFailure(exit)) throw new Error(`seed ${seed}: ${String(exit.cause)}`)
        expect(exit.value).toMatchObject({ wrong: 0, echoes: [64, 64] })
        expect(exit.value.took, `seed ${seed}`).toBeLessThan(100)
        if (exit.value.struck > 0) struck++
        hashes.add(hash)
      }
      expect(struck).toBeGreaterThan(30)
      expect(hashes.size).toBe(40)
    }
  )

  it("is the same for the same seed", { timeout: 90_000 }, () => {
    for (let seed = 0; seed < 10; seed++) {
      const first = SimWorld.simulate(survive, { seed, order: "random" })
      expect(SimWorld.simulate(survive, { seed, order: "random" })).toEqual(first)
    }
  })

  it("never has more hosts down than it may", { timeout: 90_000 }, () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const names = ["a", "b", "c", "d", "e"]
      const hosts = yield* Effect.forEach(names, (name) => world.host(name))
      for (const host of hosts) yield* host.start(() => serve)
      yield* world.swarm({ families: ["power", "kill"] })
      let most = 0
      for (let millis = 0; millis < 20_000; millis += 100) {
        yield* Effect.sleep(100)
        const states = yield* Effect.forEach(hosts, ({ state }) => state)
        most = Math.max(most, states.filter((state) => state !== "running").length)
      }
      return most
    })
    const runs = Array.from({ length: 10 }, (_, seed) => SimWorld.runSync(scenario, { seed }))
    const most = runs.map((exit) => (Exit.isSuccess(exit) ? exit.value : -1))
    expect(Math.min(...most)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...most)).toBe(2)
  })
})

describe("healing", () => {
  it("ends what is in force, and lets it stay that way", () => {
    const scenario = Effect.gen(function* () {
      const { a, b, server, world } = yield* threeHosts
      yield* world.net.partition(server, "all")
      yield* world.net.rule(() => "drop")
      yield* server.crash()
      yield* a.clock.step(60_000)
      yield* a.clock.drift(1000)
      yield* a.run(Effect.void)
      yield* a.pause("1 hour")
      yield* world.heal()
      yield* Effect.sleep(10)
      const states = [yield* server.state, yield* server.incarnation]
      const echo = [yield* a.run(ask("server")), yield* b.run(ask("server"))]
      const apart = (yield* a.run(Clock.currentTimeMillis)) - (yield* Clock.currentTimeMillis)
      return { states, echo, apart }
    })
    expect(SimWorld.runSync(Effect.scoped(scenario), { seed: 1 })).toEqual(
      Exit.succeed({ states: ["running", 2], echo: [64, 64], apart: 0 })
    )
  })

  it("of some leaves others as they are", () => {
    const scenario = Effect.gen(function* () {
      const { a, b, server, world } = yield* threeHosts
      yield* world.net.partition("all", "all", { mode: "reject" })
      yield* world.heal([server, a])
      yield* Effect.sleep(10)
      const there = yield* a.run(ask("server"))
      return [there, Exit.isFailure(yield* Effect.exit(b.run(ask("server"))))]
    })
    expect(SimWorld.runSync(scenario, { seed: 1 })).toEqual(Exit.succeed([64, true]))
  })
})
