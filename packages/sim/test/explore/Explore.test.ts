import { EventLoop } from "@portico/core"
import { Explore, Probe, Strategy } from "@portico/sim"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import { describe, expect, it } from "vitest"
import { SimBackend } from "../../src/index.ts"

/** How a scenario fails, with the label of what failed. */
const verdict = (scenario: Explore.Scenario, options: Explore.ExploreOptions = {}) => {
  const { failure } = Explore.exploreSync(scenario, { runs: 20, ...options }).found[0] ?? {}
  return failure === undefined ? undefined : Explore.fingerprint(failure)
}

const fork = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.forkChild(effect)

/** Two fibers that each note their steps. */
const two = (note: (text: string) => void, count = 3) =>
  Effect.gen(function* () {
    const steps = (name: string) =>
      Effect.gen(function* () {
        for (let step = 1; step <= count; step++) yield* Effect.sync(() => note(`${name}${step}`))
        yield* Probe.committed
      })
    yield* Fiber.joinAll([yield* fork(steps("a")), yield* fork(steps("b"))])
  })

const quiet = two(() => {})

const lost = Effect.gen(function* () {
  let count = 0
  const add = Effect.gen(function* () {
    const seen = yield* Effect.sync(() => count)
    yield* Effect.sync(() => void (count = seen + 1))
    yield* Probe.committed
  })
  yield* Fiber.joinAll([yield* fork(add), yield* fork(add)])
  yield* Probe.always("none is lost", count === 2)
})

describe("an exploration", () => {
  // The first one waits for the compilers of the host, too.
  it("takes fibers' steps in every order", { timeout: 90_000 }, () => {
    const seen = new Set<string>()
    let order = ""
    const scenario = Effect.andThen(
      two((text) => (order += text), 2),
      Effect.sync(() => {
        seen.add(order)
        order = ""
      })
    )
    Explore.exploreSync(scenario, { runs: 100, strategy: "urw", allowLeaks: true })
    // 4! / (2! 2!)
    expect(seen.size).toBe(6)
  })

  it("keeps to production order when told so", () => {
    const { distinct, runs } = Explore.exploreSync(quiet, { runs: 20, strategy: "production" })
    expect([runs, distinct]).toEqual([20, 1])
  })

  it.each(["random", "pct", "starve", "urw"] as const)("finds a lost update by %s", (strategy) => {
    expect(verdict(lost, { strategy, runs: 300 })).toBe("violation: always none is lost")
  })

  it("gives the same report for the same options", () => {
    expect(Explore.exploreSync(lost)).toEqual(Explore.exploreSync(lost))
  })

  it("gives the same within an effect", async () => {
    const report = await Effect.runPromise(Explore.explore(lost))
    expect(report).toEqual(Explore.exploreSync(lost))
  })

  it("finds the same in shares as in one", () => {
    const options = { runs: 120, failuresMax: Infinity }
    const seeds = (found: Explore.Report["found"]) => found.map(({ seed, hash }) => [seed, hash])
    const shares = [0, 1, 2].map((index) =>
      Explore.exploreSync(lost, { ...options, shard: { index, count: 3 } })
    )
    const together = shares.flatMap(({ found }) => seeds(found)).toSorted(([a], [b]) => a! - b!)
    expect(together).toEqual(seeds(Explore.exploreSync(lost, options).found))
    expect(together.length).toBeGreaterThan(2)
  })

  it("runs a seed alone as among others", () => {
    const among = Explore.exploreSync(lost).found[0]!
    const options = { seed: among.seed, runs: 1, strategy: among.strategy }
    expect(Explore.exploreSync(lost, options).found).toEqual([among])
    expect(Strategy.parse(Strategy.format(among.strategy))).toEqual(among.strategy)
  })

  it("ends when its budget is over, after one run at least", async () => {
    const report = await Effect.runPromise(Explore.explore(quiet, { runs: 1e9, budget: 0 }))
    expect(report.runs).toBe(1)
  })

  // Node and Bun both run this file, so that a difference between them fails on one.
  it("takes the steps that were checked in", () => {
    const { distinct, nanos, steps } = Explore.exploreSync(quiet, { runs: 100 })
    expect({ distinct, nanos, steps }).toMatchInlineSnapshot(`
      {
        "distinct": 72,
        "nanos": 128348000,
        "steps": 1860,
      }
    `)
  })
})

describe("a verdict", () => {
  it("is a failure by what failed", () => {
    expect(verdict(Effect.fail({ _tag: "Broken" }))).toBe("failure: Broken")
    expect(verdict(Effect.die(new Error("after 12 tries")))).toBe("failure: after # tries")
    expect(verdict(Effect.sync(() => JSON.parse("{")))).toBe("failure: SyntaxError")
  })

  it("is a violation of an invariant, after the step that broke it", () => {
    let value = 0
    const scenario = Effect.gen(function* () {
      value = 0
      yield* Probe.invariant("stays low", () => value < 2 || `${value}`)
      for (;;)
        yield* Effect.andThen(
          Effect.yieldNow,
          Effect.sync(() => value++)
        )
    }).pipe(Effect.scoped)
    expect(verdict(scenario)).toBe("violation: invariant stays low")
    expect(value).toBe(2)
  })

  it("is a violation of a promise for later, once its time is over", () => {
    let isDone = false
    const later = (millis: number) =>
      Effect.gen(function* () {
        isDone = false
        yield* fork(
          Effect.andThen(
            Effect.sleep(millis),
            Effect.sync(() => (isDone = true))
          )
        )
        yield* Probe.eventually("it is done", () => isDone, { within: "1 second" })
      })
    expect(verdict(later(900), { strategy: "production" })).toBe(undefined)
    expect(verdict(later(1_100), { strategy: "production" })).toBe(
      "violation: eventually it is done"
    )
  })

  it("is a deadlock when everything waits, and tells who waits where", () => {
    const scenario = Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      yield* Effect.withSpan(Deferred.await(gate), "waiting for the gate")
    })
    const { failure } = Explore.exploreSync(scenario).found[0]!
    expect(failure.reason).toBe("deadlock")
    expect(failure.message).toContain("waiting for the gate")
  })

  it("is a livelock when steps go on and nothing is committed, else a limit of steps", () => {
    const spin = Effect.forever(Effect.yieldNow)
    expect(verdict(spin, { stepsMax: 1_000 })).toBe("livelock: ")
    const work = Effect.forever(Effect.andThen(Probe.committed, Effect.yieldNow))
    expect(verdict(work, { stepsMax: 1_000 })).toBe("stepLimit: ")
  })

  it("is no livelock when only a fair order lets it end", () => {
    // One spins until the other was let run, which PCT need not ever do.
    const scenario = Effect.gen(function* () {
      let isLet = false
      const other = yield* fork(Effect.sync(() => (isLet = true)))
      while (!isLet) yield* Effect.yieldNow
      yield* Fiber.join(other)
    })
    expect(verdict(scenario, { strategy: "pct", runs: 100, stepsMax: 50 })).toBe(undefined)
  })

  it("is a leak when a handle or a fiber is left over, unless that is allowed", () => {
    const handle = Effect.gen(function* () {
      const scope = yield* Scope.make()
      const loop = yield* EventLoop.EventLoop
      yield* Scope.provide(loop.openTimer("1 hour"), scope)
    })
    const fiber = Effect.forkDetach(Effect.never, { startImmediately: true })
    expect(verdict(handle)).toBe("leak: ")
    expect(verdict(fiber)).toBe("leak: ")
    expect(verdict(fiber, { allowLeaks: true })).toBe(undefined)
    expect(verdict(Effect.forkChild(Effect.never))).toBe(undefined)
  })

  it("is unstable when a second run goes otherwise", () => {
    let runs = 0
    const scenario = Effect.suspend(() => (++runs % 2 === 1 ? Effect.fail("odd") : Effect.void))
    expect(verdict(scenario)).toBe("unstable: ")
  })
})

describe("a choice", () => {
  const chosen = Probe.choose("which", ["first", "second", "third"])

  it("is any, as the seed has it, and shrinks to the first that fails", () => {
    const scenario = Effect.flatMap(chosen, (name) => Probe.always("first", name === "first"))
    const found = Explore.exploreSync(scenario).found[0]!
    const { deviations } = Explore.shrink(scenario, found)
    expect(deviations.map(({ value }) => value)).toEqual([1])
  })

  it("is the first where nothing is explored, and nothing rare is done", async () => {
    const rare = Probe.buggify("rare")
    const both = Effect.all([chosen, rare])
    expect(SimBackend.runSync(both, { seed: 1 })).toEqual(Exit.succeed(["first", false]))
    expect(await Effect.runPromise(both)).toEqual(["first", false])
  })

  it("to do what is rare is made in a sixteenth of the cases, by label and world", () => {
    let rare = 0
    let worlds = 0
    const scenario = Effect.gen(function* () {
      let here = 0
      for (let time = 0; time < 100; time++) if (yield* Probe.buggify("site")) here++
      rare += here
      if (here > 0) worlds++
    })
    Explore.exploreSync(scenario, { runs: 200 })
    expect(Math.abs(worlds / 200 - 1 / 4)).toBeLessThan(0.08)
    expect(Math.abs(rare / 20_000 - 1 / 16)).toBeLessThan(0.02)
  })

  it("of the program's own random numbers is none: they stay as the seed has them", () => {
    const seen = new Set<number>()
    const scenario = Effect.flatMap(Random.nextInt, (number) => {
      seen.add(number)
      return Effect.fail("always")
    })
    const found = Explore.exploreSync(scenario).found[0]!
    Explore.shrink(scenario, found)
    expect(seen.size).toBe(1)
  })
})

describe("exhaustive exploration", () => {
  it("finds what needs one preemption, with one", () => {
    const { failed, runs } = Explore.exhaustive(lost)
    expect(failed?.trial.failure?.label).toBe("always none is lost")
    expect(runs).toBeLessThan(100)
  })

  it("is complete when there is nothing", () => {
    const { failed, isComplete, runs } = Explore.exhaustive(quiet, { deviationsMax: 1 })
    expect([failed, isComplete]).toEqual([undefined, true])
    expect(runs).toBeGreaterThan(50)
  })

  it("says that it is not when it was cut short", () => {
    const { isComplete, runs } = Explore.exhaustive(quiet, { runsMax: 10 })
    expect([isComplete, runs]).toEqual([false, 10])
  })
})
