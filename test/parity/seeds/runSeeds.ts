/** Worlds of many seeds, each run twice, on the host that runs this. */
import { EventHash } from "../../../packages/sim/src/EventHash.ts"
import { runSeed } from "./scenario.ts"

export interface Seeds {
  readonly first: number
  readonly count: number
}

export interface Outcome {
  readonly worlds: number
  readonly steps: number
  /** Of every step of every world. */
  readonly hash: number
  /** Worlds that went otherwise the second time. */
  readonly unstable: ReadonlyArray<number>
}

// All of them, and then all of them again: the second run of each finds the host in another state.
export const runSeeds = ({ count, first }: Seeds): Outcome => {
  const seeds = Array.from({ length: count }, (_, index) => first + index)
  const once = seeds.map(runSeed)
  const unstable = seeds.filter((seed, index) => runSeed(seed).hash !== once[index]!.hash)
  const total = new EventHash()
  for (const { hash, nanos, steps } of once) total.add(nanos, steps, hash)
  const steps = once.reduce((sum, run) => sum + run.steps, 0)
  return { worlds: count, steps, hash: total.value, unstable }
}
