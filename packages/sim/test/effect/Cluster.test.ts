/** Effect Cluster with three runners, and the store of their locks, on hosts of one world. */
import { SimWorld } from "@portico/sim"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as References from "effect/References"
import { describe, expect, it } from "vitest"
import { Counter, run, serveStore } from "./ClusterHosts.ts"

const entities = Array.from({ length: 12 }, (_, index) => `counter-${index}`)
const names = ["r1", "r2", "r3"]

interface Answer {
  readonly by: string
  readonly entity: string
  /** In seconds. */
  readonly at: number
  /** Undefined if there was none in time. */
  readonly runner: string | undefined
  readonly count: number
}

/** Three runners; each asks every entity, every second, and notes what it is told. */
const threeRunners = Effect.gen(function* () {
  const world = yield* SimWorld.World
  const store = yield* world.host("store")
  yield* store.start(() => serveStore)
  const answers: Array<Answer> = []
  const up = new Set<string>()
  const twice: Array<string> = []
  const seconds = Effect.map(world.progress, ({ nanos }) => nanos / 1e9)
  const watch = (runner: string, entity: string, isUp: boolean) => {
    if (!isUp) return void up.delete(`${entity} ${runner}`)
    for (const other of up) if (other.startsWith(`${entity} `)) twice.push(`${other} ${runner}`)
    up.add(`${entity} ${runner}`)
  }
  const ask = (by: string) =>
    Effect.gen(function* () {
      const client = yield* Counter.client
      for (;;) {
        for (const entity of entities) {
          const asked = client(entity).Add()
          const said = yield* Effect.exit(Effect.timeout(asked, "500 millis"))
          const at = yield* seconds
          const none = { runner: undefined, count: 0 }
          answers.push({ by, entity, at, ...(Exit.isSuccess(said) ? said.value : none) })
        }
        yield* Effect.sleep("1 second")
      }
    })
  const quietly = Effect.provideService(References.MinimumLogLevel, "None")
  const hosts = new Map<string, SimWorld.HostHandle>()
  for (const name of names) {
    const host = yield* world.host(name)
    hosts.set(name, host)
    yield* host.start(() => quietly(run(name, watch, ask(name))))
  }
  return { world, store, hosts, answers, up, twice }
})

const between = (answers: ReadonlyArray<Answer>, from: number, to: number) =>
  answers.filter(({ at }) => at >= from && at < to)

const ownersOf = (answers: ReadonlyArray<Answer>): ReadonlyArray<string> =>
  [...new Set(answers.map(({ entity, runner }) => `${entity} ${runner}`))].sort()

/** Each entity was answered for, each time, and by one runner. */
const expectAll = (answers: ReadonlyArray<Answer>) => {
  expect(answers.filter(({ runner }) => runner === undefined)).toEqual([])
  expect(ownersOf(answers)).toHaveLength(entities.length)
}

const network = { min: "200 micros", max: "20 millis" } as const
const optionsOf = (seed: number) => ({ seed, order: "random", network }) as const

const valueOf = <A, E>(scenario: SimWorld.Scenario<A, E>, seed = 1): A => {
  const { exit } = SimWorld.simulate(scenario, optionsOf(seed))
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(Cause.pretty(exit.cause))
}

describe("Effect Cluster on three hosts", () => {
  it("spreads entities, and each is in one place", { timeout: 90_000 }, () => {
    const scenario = Effect.gen(function* () {
      const { answers, twice } = yield* threeRunners
      yield* Effect.sleep("60 seconds")
      return { late: between(answers, 30, 60), twice }
    })
    const { late, twice } = valueOf(scenario)
    expect(twice).toEqual([])
    expectAll(late)
    expect(new Set(late.map(({ runner }) => runner)).size).toBe(3)
    expect(new Set(late.map(({ by }) => by)).size).toBe(3)
  })

  it("moves the entities of a runner that loses its power", { timeout: 90_000 }, () => {
    const scenario = Effect.gen(function* () {
      const { answers, hosts, twice, up } = yield* threeRunners
      yield* Effect.sleep("30 seconds")
      const before = between(answers, 20, 30)
      yield* hosts.get("r2")!.crash()
      for (const entity of up) if (entity.endsWith(" r2")) up.delete(entity)
      yield* Effect.sleep("60 seconds")
      yield* hosts.get("r2")!.restart
      yield* Effect.sleep("60 seconds")
      return {
        before,
        during: between(answers, 60, 90),
        after: between(answers, 120, 150),
        twice
      }
    })
    const { after, before, during, twice } = valueOf(scenario)
    expect(twice).toEqual([])
    for (const answers of [before, during, after]) expectAll(answers)
    expect(before.some(({ runner }) => runner === "r2")).toBe(true)
    expect(during.some(({ runner }) => runner === "r2")).toBe(false)
    expect(after.some(({ runner }) => runner === "r2")).toBe(true)
    // What a counter was at was in memory: it counts anew.
    const lost = before.findLast(({ runner }) => runner === "r2")!
    const found = during.find(({ entity }) => entity === lost.entity)!
    expect(found.count).toBeLessThan(lost.count)
  })

  it(
    "moves the entities of a runner that is cut off, which answers no more",
    {
      timeout: 30_000
    },
    () => {
      const scenario = Effect.gen(function* () {
        const { answers, hosts, twice, world } = yield* threeRunners
        yield* Effect.sleep("30 seconds")
        const cut = world.net.isolate(hosts.get("r3")!)
        yield* Effect.scoped(Effect.andThen(cut, Effect.sleep("60 seconds")))
        yield* Effect.sleep("60 seconds")
        return { during: between(answers, 60, 90), after: between(answers, 120, 150), twice }
      })
      const { after, during, twice } = valueOf(scenario)
      expect(twice).toEqual([])
      expectAll(during.filter(({ by }) => by !== "r3"))
      expect(during.filter(({ by, runner }) => by === "r3" && runner !== undefined)).toEqual([])
      expectAll(after)
      expect(after.some(({ runner }) => runner === "r3")).toBe(true)
    }
  )

  it("is the same from the same seed", { timeout: 90_000 }, () => {
    const scenario = Effect.gen(function* () {
      const { answers, hosts } = yield* threeRunners
      yield* Effect.sleep("10 seconds")
      yield* hosts.get("r1")!.crash()
      yield* Effect.sleep("10 seconds")
      return answers
    })
    const once = (seed: number) => SimWorld.simulate(scenario, optionsOf(seed))
    const first = once(1)
    expect(once(1)).toEqual(first)
    expect(once(2).hash).not.toBe(first.hash)
  })
})
