/** How soon bugs are found, and that their twins have none, with what it costs. */
import { Explore } from "@portico/sim"
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
