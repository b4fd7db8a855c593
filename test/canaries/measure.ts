/** How soon bugs are found, and that their twins have none, with what it costs. */
import { Explore } from "@portico/sim"
import { deviations } from "@portico/sim/explore/Decisions"
import * as Effect from "effect/Effect"
import type { Canary } from "./Canary.ts"

export interface Finding {
  /** Seeds until it was found; undefined if it was not found as what it is. */
  readonly seeds: number | undefined
  readonly cpuSeconds: number
}

/** Of this process, in seconds. */
export const cpuSeconds = (): number => {
  const { system, user } = process.cpuUsage()
  return (system + user) / 1e6
}

/** Runs the buggy one from `seed` on, as often as its budget says. */
export const find = ({ buggy, fails, seeds }: Canary, seed: number): Finding => {
  const before = cpuSeconds()
  const { found, runs } = Explore.exploreSync(buggy, { seed, runs: seeds })
  const [first] = found
  const isIt = first !== undefined && Explore.fingerprint(first.failure) === fails
  return { seeds: isIt ? runs : undefined, cpuSeconds: cpuSeconds() - before }
}

export interface Shrinking {
  readonly seed: number
  /** Decisions of the run that failed that were not the mildest, */
  readonly before: number
  /** those that the failure needs, */
  readonly after: number
  /** and the runs that it took to tell. */
  readonly runs: number
}

/** Shrinks the first failure of the buggy one from `seed` on; undefined if none is found. */
export const shrinkFirst = ({ buggy, seeds }: Canary, seed: number): Shrinking | undefined => {
  const { found } = Explore.exploreSync(buggy, { seed, runs: seeds })
  const [first] = found
  if (first === undefined) return undefined
  const minimum = Explore.shrink(buggy, first)
  const before = deviations(first.decisions).length
  return { seed: first.seed, before, after: minimum.deviations.length, runs: minimum.runs }
}

export interface TwinOptions {
  readonly runs: number
  /** No run starts after so many. */
  readonly seconds: number
  readonly onRun: (report: Explore.Report) => void
}

/** Runs the fixed one; every failure is one too many, and ends it. */
export const runTwin = ({ fixed }: Canary, options: TwinOptions): Promise<Explore.Report> => {
  const { onRun, runs, seconds } = options
  return Effect.runPromise(Explore.explore(fixed, { runs, onRun, budget: seconds * 1000 }))
}
