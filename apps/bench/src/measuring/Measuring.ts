/**
 * What it costs that Portico's scheduler measures itself: programs of the suite `scheduler`, on the
 * scheduler as it is and on one whose modules that measure are replaced when they are loaded.
 *
 * What measures nothing times no steps, keeps no histograms and no list of fibers, and looks at the
 * clock only where a budget asks for it. Its guards are the same.
 */
import type { Contestant } from "../Contestant.ts"
import { repeated } from "../scheduler/Scheduler.ts"
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

/**
 * Until the compilers are done: their threads' time counts, and what measures gives them more to
 * do. After 0.3 s a loop over promises on Bun costs a tenth more for it than after 1.5 s.
 */
const warmSeconds = 1.5

export const measuring: Suite = {
  name: "measuring",
  summary: "What it costs that the scheduler measures itself",
  baseline: "the scheduler measuring nothing",
  contestants,
  cases: repeated({ warmSeconds })
}
