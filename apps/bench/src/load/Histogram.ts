/**
 * Latencies in buckets of equal relative width.
 *
 * Below 256 ns a bucket is one nanosecond; above, every power of two is cut into 128 buckets, so
 * that the middle of a bucket is within 0.4 % of any value in it. Recording allocates nothing.
 */
const linear = 256
const perOctave = 128

/** Longer latencies count as this one: 4.29 seconds. */
export const nanosMax = 2 ** 32 - 1

const bucketOf = (nanos: number): number => {
  if (nanos < linear) return nanos
  const shift = 24 - Math.clz32(nanos)
  return shift * perOctave + (nanos >>> shift)
}

/** The middle of a bucket. */
const nanosOf = (bucket: number): number => {
  if (bucket < linear) return bucket
  const shift = Math.floor(bucket / perOctave) - 1
  const low = (bucket - shift * perOctave) * 2 ** shift
  return low + (2 ** shift - 1) / 2
}

export class Histogram {
  readonly #counts = new Float64Array(bucketOf(nanosMax) + 1)
  #total = 0

  get total(): number {
    return this.#total
  }

  record(nanos: number): void {
    const bucket = bucketOf(Math.min(Math.max(0, Math.round(nanos)), nanosMax))
    this.#counts[bucket]!++
    this.#total++
  }

  clear(): void {
    this.#counts.fill(0)
    this.#total = 0
  }

  /** The latency that this share (0–1) of all records does not exceed; 0 when there are none. */
  quantileNanos(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.#total))
    let seen = 0
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      seen += this.#counts[bucket]!
      if (seen >= rank) return nanosOf(bucket)
    }
    return 0
  }
}
