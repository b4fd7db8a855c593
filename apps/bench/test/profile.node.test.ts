/** Turns in which programs sample themselves, in small: real processes. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { profile } from "../src/profile/ProfileSuite.ts"
import { run } from "../src/Runner.ts"

const play = async (caseName: string) => {
  const cases = profile.cases.filter(({ name }) => name === caseName)
  const report = await run({ ...profile, cases }, { rounds: 1, seconds: 0.2 }).pipe(
    Effect.provideService(Console.Console, { ...globalThis.console, error: () => {} }),
    Effect.provide(NodeServices.layer),
    Effect.runPromise
  )
  expect(report.notes).toStrictEqual([])
  const players = profile.contestants.filter((it) => it.plays?.includes(caseName) ?? true)
  return players.map(({ name }) => {
    const figures = report.results.filter(({ contestant }) => contestant === name)
    const of = (metric: string) => figures.find((it) => it.metric === metric)!.median
    const parts = ["portico", "effect", "program", "host", "collector", "rest"]
    const sum = parts.reduce((total, part) => total + of(`profile_${part}`), 0)
    // Figures are rounded.
    expect(sum / of("cpu_per_op")).toBeCloseTo(1, 3)
    return [name, of("profile_effect") > 0] as const
  })
}

// Each takes a second or two a contestant.
const timeout = 60_000

it("a fiber that yields is Effect's, whoever schedules it", { timeout }, async () => {
  expect(await play("scheduler-yields-100")).toStrictEqual([
    ["portico-node", true],
    ["effect-node", true],
    ["portico-bun", true],
    ["effect-bun", true]
  ])
})

it(
  "raw hosts are matched with what a suite calls them, and have nothing of Effect's",
  {
    timeout
  },
  async () => {
    const raw = (await play("pool-tiny-x1")).filter(([name]) => name.endsWith("raw"))
    expect(raw).toStrictEqual([
      ["node-raw", false],
      ["bun-raw", false]
    ])
  }
)
