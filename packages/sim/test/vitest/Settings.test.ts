import { Strategy } from "@portico/sim"
import { describe, expect, it } from "vitest"
import { readSettings } from "../../vitest/src/Settings.ts"

describe("the environment", () => {
  it("asks for nothing when it is empty", () => {
    expect(readSettings({ SIM_SEED: "", HOME: "/" })).toEqual({ explore: {}, replay: undefined })
  })

  it("asks for seeds, runs, time, a strategy and a share", () => {
    const { explore } = readSettings({
      SIM_SEED: "7",
      SIM_RUNS: "9",
      SIM_BUDGET: "1.5",
      SIM_STRATEGY: "pct:3:40",
      SIM_SHARD: "2/4"
    })
    expect(explore).toEqual({
      seed: 7,
      runs: 9,
      budget: 1500,
      strategy: Strategy.Pct({ depth: 3, choicePoints: 40 }),
      shard: { index: 1, count: 4 }
    })
    expect(readSettings({ SIM_STRATEGY: "urw" }).explore.strategy).toBe("urw")
  })

  it.each([
    { SIM_SEED: "-1" },
    { SIM_RUNS: "many" },
    { SIM_STRATEGY: "pct:0:1" },
    { SIM_STRATEGY: "random:2" },
    { SIM_SHARD: "5/4" },
    { SIM_SHARD: "1" }
  ])("is refused when it cannot be read: %o", (environment) => {
    expect(() => readSettings(environment)).toThrow(RangeError)
  })
})
