import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { briefly } from "../src/brief.ts"
import type { Suite } from "../src/Suite.ts"
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
      profile: 9
    })
  })
})

/** Servers that a machine may lack. */
const elsewhere = ["unbound", "dnsmasq", "redis"]

const turnsOf = ({ cases, contestants }: Suite): number => {
  const here = contestants.filter((it) => it.isPeer !== true && !elsewhere.includes(it.name))
  const played = cases.flatMap(({ name }) => here.filter((it) => it.plays?.includes(name) ?? true))
  return played.length
}

it("the README says how many turns a round has", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")
  const rows = suites.map(
    (suite) => `| \`${suite.name}\` | ${turnsOf(suite)} | ${turnsOf(briefly(suite))} |`
  )
  expect(readme).toContain(["| --- | --- | --- |", ...rows].join("\n"))
})
