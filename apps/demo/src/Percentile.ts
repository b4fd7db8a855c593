/** The smallest value that is not below the share `rank` (0 to 1) of them: the nearest rank. */
export const percentile = (sorted: Float64Array, rank: number): number =>
  sorted[Math.max(0, Math.ceil(rank * sorted.length) - 1)] ?? Number.NaN
