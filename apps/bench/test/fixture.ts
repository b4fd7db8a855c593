/** A suite without processes: two contestants, one case, figures that are known. */
import * as Effect from "effect/Effect"
import type { Measurements } from "../src/Metric.ts"
import { notes, type Report, results } from "../src/Report.ts"
import type { Suite } from "../src/Suite.ts"

const program = new URL(import.meta.url)

export const costs: { readonly [contestant: string]: number } = { "node-raw": 2, portico: 3 }

/** Each turn costs what its contestant costs; `played` is told who had a turn. */
export const suite = (played: (contestant: string) => void): Suite => ({
  name: "fixture",
  summary: "Known figures",
  baseline: "the raw host",
  contestants: Object.keys(costs).map((name) => ({
    name,
    host: "node",
    program,
    ratioTo: "node-raw"
  })),
  cases: [
    {
      name: "only",
      summary: "One case",
      measure: ({ contestant }) =>
        Effect.sync(() => {
          played(contestant.name)
          return { cpu_per_op: costs[contestant.name]!, latency_p50: 1 }
        })
    }
  ]
})

/** The report of one round, in which the two had these figures. */
export const reportOf = (raw: Measurements, portico: Measurements): Report => {
  const known = suite(() => {})
  const samples = [
    { case: "only", contestant: "node-raw", measurements: raw },
    { case: "only", contestant: "portico", measurements: portico }
  ]
  return {
    suite: known.name,
    versions: {
      node: "1",
      bun: "1",
      effect: "1",
      "@effect/platform-node": "1",
      "@portico/core": "1"
    },
    machine: {
      platform: "linux",
      kernel: "1",
      architecture: "x64",
      processor: "One",
      cores: 2,
      memoryBytes: 1,
      pinned: true,
      loadBefore: 0
    },
    command: "pnpm bench fixture",
    startedAt: "2026-01-01T00:00:00.000Z",
    rounds: 1,
    seconds: 1,
    baseline: known.baseline,
    summary: known.summary,
    cases: known.cases.map(({ name, summary }) => ({ name, summary })),
    absent: ["another: not installed"],
    results: results(known, samples),
    notes: notes(known, samples)
  }
}
