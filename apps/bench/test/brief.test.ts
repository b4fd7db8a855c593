import { describe, expect, it } from "vitest"
import { briefly } from "../src/brief.ts"
import { suites } from "../src/suites.ts"

describe("a brief run", () => {
  it("has cases of every suite", () => {
    for (const suite of suites) {
      expect([suite.name, briefly(suite).cases.length > 0]).toStrictEqual([suite.name, true])
    }
  })

  it("names no case that is not there", () => {
    const named = ["udp-echo", "models", "files", "pool", "scheduler", "profile"]
    const counts = suites
      .filter(({ name }) => named.includes(name))
      .map((suite) => [suite.name, briefly(suite).cases.length])
    expect(Object.fromEntries(counts)).toStrictEqual({
      "udp-echo": 2,
      models: 2,
      files: 2,
      pool: 2,
      scheduler: 4,
      profile: 4
    })
  })
})
