/**
 * Which strategy the run of a seed has. A function of the seed, so that runs may be shared out
 * among workers in any way.
 */
import { Prng } from "../Prng.ts"
import { Pct, Production, Random, Starve, type Strategy, Urw } from "./Strategy.ts"

/**
 * A strategy for each seed: one kind, whose figures vary, or of 100 runs 10 in production order, 30
 * random, 35 PCT, 10 starving, 15 URW.
 */
export type Portfolio = "portfolio" | "production" | "random" | "pct" | "starve" | "urw"

export const portfolios: ReadonlyArray<Portfolio> = [
  "portfolio",
  "production",
  "random",
  "pct",
  "starve",
  "urw"
]

const preempts = [0, 0.05, 0.3, 1]
const depths = [2, 3, 5]

// In hundredths of all runs, up to which each is meant.
const shares: ReadonlyArray<readonly [number, Exclude<Portfolio, "portfolio">]> = [
  [10, "production"],
  [40, "random"],
  [75, "pct"],
  [85, "starve"],
  [100, "urw"]
]

/** A stream of its own: what is drawn here must not move what the run draws. */
const stream = 1000

export const strategyOf = (portfolio: Portfolio, seed: number, choicePoints: number): Strategy => {
  const draws = new Prng(seed, stream)
  const share = draws.below(100)
  const kind = portfolio === "portfolio" ? shares.find(([upTo]) => share < upTo)![1] : portfolio
  switch (kind) {
    case "production":
      return Production()
    case "random":
      return Random({ preempt: preempts[draws.below(preempts.length)]! })
    case "pct":
      return Pct({ depth: depths[draws.below(depths.length)]!, choicePoints })
    case "starve":
      return Starve()
    case "urw":
      return Urw()
  }
}
