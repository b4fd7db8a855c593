/**
 * What the environment asks of all simulated tests, over what each says itself:
 *
 * - `SIM_SEED`: the first seed; `SIM_RUNS`: how many; `SIM_BUDGET`: in seconds;
 * - `SIM_STRATEGY`: a portfolio or the text of a strategy, as failures name it;
 * - `SIM_SHARD`: `2/4` runs the second of four shares of the seeds;
 * - `SIM_REPLAY`: a file; only its run is run, and only in its own test.
 */
import type { Explore } from "@portico/sim"
import { Portfolio, Strategy } from "@portico/sim"

export interface Settings {
  readonly explore: Explore.ExploreOptions
  readonly replay: string | undefined
}

export type Environment = { readonly [name: string]: string | undefined }

/** Throws when a variable cannot be read. */
export const readSettings = (environment: Environment): Settings => ({
  explore: {
    ...pick("seed", number(environment, "SIM_SEED")),
    ...pick("runs", number(environment, "SIM_RUNS")),
    ...pick("budget", millis(number(environment, "SIM_BUDGET"))),
    ...pick("strategy", strategy(environment["SIM_STRATEGY"])),
    ...pick("shard", shard(environment["SIM_SHARD"]))
  },
  replay: environment["SIM_REPLAY"] || undefined
})

const pick = <K extends string, A>(key: K, value: A | undefined): { readonly [P in K]?: A } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: A })

const number = (environment: Environment, name: string): number | undefined => {
  const text = environment[name]
  if (!text) return undefined
  const value = Number(text)
  if (Number.isFinite(value) && value >= 0) return value
  throw new RangeError(`${name} must be a number, 0 or more: ${text}`)
}

const millis = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1000

const strategy = (text: string | undefined): Explore.ExploreOptions["strategy"] => {
  if (!text) return undefined
  const portfolio = Portfolio.portfolios.find((name) => name === text)
  const found = portfolio ?? Strategy.parse(text)
  if (found !== undefined) return found
  throw new RangeError(`SIM_STRATEGY must be a portfolio or a strategy: ${text}`)
}

const shard = (text: string | undefined): Explore.ExploreOptions["shard"] => {
  if (!text) return undefined
  const [index = NaN, count = NaN] = text.split("/").map(Number)
  if (Number.isInteger(count) && Number.isInteger(index) && index >= 1 && index <= count) {
    return { index: index - 1, count }
  }
  throw new RangeError(`SIM_SHARD must be as 2/4: ${text}`)
}
