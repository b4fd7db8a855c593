/**
 * Times in buckets whose bounds double, from 1/16 ms to 8 s: adding one allocates nothing.
 */
import type { Histogram } from "./LoopSnapshot.ts"

const firstBoundMillis = 1 / 16
/** 1/16 ms · 2^0 … 2^17 = 8,192 ms, and one without bound. */
const bucketCount = 19

/** Upper bounds in milliseconds; the last is `Infinity`. */
export const bounds: ReadonlyArray<number> = Array.from({ length: bucketCount }, (_, index) =>
  index === bucketCount - 1 ? Infinity : firstBoundMillis * 2 ** index
)

export class LoopHistogram {
  private readonly counts = new Float64Array(bucketCount)
  private count = 0
  private sumMillis = 0
  private maxMillis = 0

  /** `millis` >= 0. */
  add(millis: number): void {
    // The number of doublings of the first bound that it takes to reach `millis`.
    const units = Math.ceil(millis / firstBoundMillis) - 1
    const index = units <= 0 ? 0 : 32 - Math.clz32(Math.min(units, 0x7fff_ffff))
    this.counts[Math.min(index, bucketCount - 1)]!++
    this.count++
    this.sumMillis += millis
    if (millis > this.maxMillis) this.maxMillis = millis
  }

  view(): Histogram {
    const { count, maxMillis, sumMillis } = this
    const buckets = bounds.map((upToMillis, index) => ({ upToMillis, count: this.counts[index]! }))
    return { count, sumMillis, maxMillis, buckets }
  }
}

/**
 * The bound below which `part` (0 to 1) of the values fall, or their maximum where that is less; 0
 * of an empty histogram. As coarse as the buckets.
 */
export const quantile = (histogram: Histogram, part: number): number => {
  let left = part * histogram.count
  for (const { count, upToMillis } of histogram.buckets) {
    left -= count
    if (left <= 0) return Math.min(upToMillis, histogram.maxMillis)
  }
  return histogram.maxMillis
}
