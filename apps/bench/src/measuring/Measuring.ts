/**
 * What it costs that Portico's scheduler measures itself: programs of the suite `scheduler`, on the
 * scheduler as it is and on one whose modules that measure are replaced when they are loaded.
 *
 * What measures nothing times no steps, keeps no histograms and no list of fibers, and looks at the
 * clock only where a budget asks for it. Its guards are the same.
 */
import type { Contestant } from "../Contestant.ts"
import { scheduler } from "../scheduler/Scheduler.ts"
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

/** Those in which nothing but the scheduler works. */
const played = new Set(["yields-1", "yields-100", "forks", "queue", "deferred", "promise-loop"])

export const measuring: Suite = {
  name: "measuring",
  summary: "What it costs that the scheduler measures itself",
  baseline: "the scheduler measuring nothing",
  contestants,
  cases: scheduler.cases.filter(({ name }) => played.has(name))
}
