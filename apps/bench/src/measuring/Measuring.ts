/**
 * What it costs that Portico's scheduler measures itself: programs of the suite `scheduler`, on the
 * scheduler as it is and on two whose modules that measure are replaced when they are loaded.
 *
 * What measures nothing times no steps, keeps no histograms and no list of fibers, and looks at the
 * clock only where a budget asks for it. What lists its fibers keeps that list, with when each ran,
 * which the fiber dump is made of: between the two is the price of the dump, and between it and the
 * whole the price of histograms, longest steps and blame. The guards are the same.
 *
 * Two processes differ by more than that: in what their neighbours leave them, and in what their
 * compilers make of one program. So `switching` does the three by turns in one process, on the same
 * compiled code, and tells what measuring costs beside the slices next to it.
 */
import type { Contestant } from "../Contestant.ts"
import { repeated } from "../scheduler/Scheduler.ts"
import type { Suite } from "../Suite.ts"

const contestant = (
  host: "node" | "bun",
  name: string,
  program: string,
  base = "unmeasured"
): Contestant => ({
  name: `${name}-${host}`,
  host,
  program: new URL(program, import.meta.url),
  ratioTo: `${base}-${host}`
})

const on = (host: "node" | "bun"): ReadonlyArray<Contestant> => [
  contestant(host, "portico", `../scheduler/programs/portico.${host}.ts`),
  contestant(host, "listing", `programs/listing.${host}.ts`),
  contestant(host, "unmeasured", `programs/unmeasured.${host}.ts`),
  contestant(host, "switching", `programs/switching.${host}.ts`, "switching")
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
  contestants: [...on("node"), ...on("bun")],
  cases: repeated({ warmSeconds })
}
