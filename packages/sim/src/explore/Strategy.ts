/**
 * How a run decides what hosts leave open. Each has a text, which says all of it.
 *
 * No single one finds every bug: chance finds what has many witnesses, PCT what has a narrow
 * window, starvation what needs a timeout.
 */
import * as Data from "effect/Data"

export type Strategy = Data.TaggedEnum<{
  /** `production`: as hosts do it. Only what the network and the disks leave to chance varies. */
  Production: {}
  /** `random:p`: any ready task; before any operation, `preempt` is the chance to let others go. */
  Random: { readonly preempt: number }
  /**
   * `pct:d:k`: strands by random priority, with `depth` - 1 changes of it at random places among
   * `choicePoints`, which is how many a run in production order has; see `Pct`.
   */
  Pct: { readonly depth: number; readonly choicePoints: number }
  /** `starve`: some strands are held back for up to 2 s at a time, as if their host were slow. */
  Starve: {}
  /** `urw`: strands in proportion to the steps that they have left, by a run before this one. */
  Urw: {}
}>
export const { Pct, Production, Random, Starve, Urw } = Data.taggedEnum<Strategy>()

export const format = (strategy: Strategy): string => {
  switch (strategy._tag) {
    case "Random":
      return `random:${strategy.preempt}`
    case "Pct":
      return `pct:${strategy.depth}:${strategy.choicePoints}`
    default:
      return strategy._tag.toLowerCase()
  }
}

/** The strategy with that text; undefined if there is none. */
export const parse = (text: string): Strategy | undefined => {
  const [name, ...numbers] = text.split(":")
  const [first = NaN, second = NaN] = numbers.map(Number)
  if (name === "random" && first >= 0 && first <= 1) return Random({ preempt: first })
  if (name === "pct" && isCount(first) && isCount(second)) {
    return Pct({ depth: first, choicePoints: second })
  }
  return [Production(), Starve(), Urw()].find((one) => format(one) === text)
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1
