import { Explore, Probe } from "@portico/sim"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { vacuity } from "../../vitest/src/vacuity.ts"

const explored = (scenario: Explore.Scenario, options: Explore.ExploreOptions = {}) =>
  Explore.exploreSync(scenario, { runs: 5, strategy: "production", ...options })

const idle = explored(Effect.void)

it("an exploration that did the same each time, and nothing, tells both", () => {
  expect(vacuity(idle, {})).toEqual([
    "No operation was committed: the scenario has to say so by Probe.committed",
    "All 5 runs were the same, step by step"
  ])
  expect(vacuity(idle, { vacuous: ["commits", "schedules"] })).toEqual([])
})

it("one run alone cannot be another", () => {
  expect(vacuity(explored(Probe.committed, { runs: 1 }), {})).toEqual([])
})

it("a condition that never held is told, and one that did once is not", () => {
  const never = Probe.sometimes("never", false)
  const once = Effect.andThen(Probe.sometimes("once", false), Probe.sometimes("once"))
  const report = explored(Effect.andThen(never, once))
  const vacuous = ["commits", "schedules"] as const
  expect(vacuity(report, { vacuous })).toEqual(["Its condition never held: sometimes never"])
  expect(vacuity(report, { vacuous: [...vacuous, "places"] })).toEqual([])
})

it("faults that should strike and did not are told", () => {
  const vacuous = ["commits", "schedules"] as const
  expect(vacuity(idle, { vacuous, faults: true })).toEqual(["No fault struck in 5 runs"])
  expect(vacuity({ ...idle, faults: 1 }, { vacuous, faults: true })).toEqual([])
})
