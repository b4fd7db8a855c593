/** A suite without processes: two contestants, one case, figures that are known. */
import * as Effect from "effect/Effect"
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
