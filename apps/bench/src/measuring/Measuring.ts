/**
 * What it costs that Portico's scheduler measures itself: programs of the suite `scheduler`, on the
 * scheduler as it is and on one whose modules that measure are replaced when they are loaded.
 *
 * What measures nothing times no steps, keeps no histograms and no list of fibers, and looks at the
 * clock only where a budget asks for it. Its guards are the same.
 */
import type { Contestant } from "../Contestant.ts"
import { soloCase } from "../scheduler/Solo.ts"
import type { Suite } from "../Suite.ts"

const measured = (file: string) => new URL(`../scheduler/programs/${file}`, import.meta.url)
const unmeasured = (file: string) => new URL(`programs/${file}`, import.meta.url)

const contestants: ReadonlyArray<Contestant> = [
  {
    name: "portico-node",
    host: "node",
    program: measured("portico.node.ts"),
    ratioTo: "unmeasured-node"
  },
  {
    name: "unmeasured-node",
    host: "node",
    program: unmeasured("unmeasured.node.ts"),
    ratioTo: "unmeasured-node"
  },
  {
    name: "portico-bun",
    host: "bun",
    program: measured("portico.bun.ts"),
    ratioTo: "unmeasured-bun"
  },
  {
    name: "unmeasured-bun",
    host: "bun",
    program: unmeasured("unmeasured.bun.ts"),
    ratioTo: "unmeasured-bun"
  }
]

export const measuring: Suite = {
  name: "measuring",
  summary: "What it costs that the scheduler measures itself",
  baseline: "the scheduler measuring nothing",
  contestants,
  cases: [
    soloCase("yields-1", "one fiber that yields", { program: "yields", size: 1 }),
    soloCase("yields-100", "100 fibers that yield", { program: "yields", size: 100 }),
    soloCase("forks", "a fiber forks another and joins it", { program: "forks", size: 1 }),
    soloCase("queue", "two fibers, two bounded queues; there and back", {
      program: "queue",
      size: 1
    }),
    soloCase("deferred", "two fibers complete each other's deferred; there and back", {
      program: "deferred",
      size: 1
    }),
    soloCase("promise-loop", "a loop over settled promises", { program: "promise-loop", size: 1 })
  ]
}
