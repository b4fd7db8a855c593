/** Medians, and ratios that compare a round with itself. */
export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export interface Summary {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Of at least one value. */
export const summarise = (values: ReadonlyArray<number>): Summary => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values)
})

/**
 * The median of each round's own ratio, for values in the order of rounds. The machine's speed
 * drifts between rounds; within one it cancels out, which a ratio of medians would not promise.
 */
export const ratio = (values: ReadonlyArray<number>, base: ReadonlyArray<number>): number =>
  median(values.map((value, round) => value / base[round]!))
