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

/** The value that this share (0–1) of all does not exceed; of at least one value. */
export const quantile = (values: ReadonlyArray<number>, share: number): number => {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]!
}

/**
 * Each round's own ratio, for values in the order of rounds. The machine's speed drifts between
 * rounds; within one it cancels out, which a ratio of medians would not promise.
 *
 * Rounds in which either has no value do not count, nor those in which the base is 0, or less, as a
 * difference of two memory sizes may be.
 */
export const ratios = (
  values: ReadonlyArray<number | undefined>,
  base: ReadonlyArray<number | undefined>
): ReadonlyArray<number> =>
  values.flatMap((value, round) => {
    const to = base[round]
    return value === undefined || to === undefined || to <= 0 ? [] : [value / to]
  })
