/** What an exploration that found nothing did not even try. */
import type { Explore } from "@portico/sim"
import type { SimTestOptions } from "./SimTestOptions.ts"

/** A line for each; none if the exploration was worth its name. */
export const vacuity = (
  { commits, distinct, faults, places, runs }: Explore.Report,
  { faults: injectsFaults = false, vacuous: allowed = [] }: SimTestOptions
): ReadonlyArray<string> => {
  const missed = Array.from(places)
    .filter(([, isHit]) => !isHit)
    .map(([label]) => `Its condition never held: sometimes ${label}`)
  return [
    ...(commits > 0 || allowed.includes("commits")
      ? []
      : ["No operation was committed: the scenario has to say so by Probe.committed"]),
    ...(distinct > 1 || runs === 1 || allowed.includes("schedules")
      ? []
      : [`All ${runs} runs were the same, step by step`]),
    ...(injectsFaults && faults === 0 ? [`No fault struck in ${runs} runs`] : []),
    ...(allowed.includes("places") ? [] : missed)
  ]
}
