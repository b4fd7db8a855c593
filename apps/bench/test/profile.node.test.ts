/** Turns in which programs sample themselves, in small: real processes. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { profile } from "../src/profile/ProfileSuite.ts"
import { run } from "../src/Runner.ts"

const names = ["scheduler-yields-100", "pool-tiny-x1"]
const cases = profile.cases.filter(({ name }) => names.includes(name))

// A second or two a contestant.
it.each(cases)(
  "every contestant of $name tells whose its time was",
  { timeout: 60_000 },
  async (one) => {
    const contestants = profile.contestants.filter((it) => it.plays?.includes(one.name) ?? true)
    const report = await run({ ...profile, cases: [one] }, { rounds: 1, seconds: 0.2 }).pipe(
      Effect.provideService(Console.Console, { ...globalThis.console, error: () => {} }),
      Effect.provide(NodeServices.layer),
      Effect.runPromise
    )
    expect(report.notes).toStrictEqual([])
    for (const { name } of contestants) {
      const figures = report.results.filter(({ contestant }) => contestant === name)
      const of = (metric: string) => figures.find((it) => it.metric === metric)!.median
      const parts = ["portico", "effect", "program", "host", "collector", "rest"]
      const sum = parts.reduce((total, part) => total + of(`profile_${part}`), 0)
      // Figures are rounded.
      expect(sum / of("cpu_per_op")).toBeCloseTo(1, 3)
      expect([name, of("profile_effect") > 0]).toStrictEqual([name, !name.endsWith("raw")])
    }
  }
)
