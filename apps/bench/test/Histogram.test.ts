import { describe, expect, it } from "vitest"
import { Histogram, nanosMax } from "../src/load/Histogram.ts"

const recorded = (...nanos: ReadonlyArray<number>) => {
  const histogram = new Histogram()
  for (const value of nanos) histogram.record(value)
  return histogram
}

describe("Histogram", () => {
  it("tells one nanosecond from the next below 256", () => {
    for (const nanos of [0, 1, 17, 255]) expect(recorded(nanos).quantileNanos(0.5)).toBe(nanos)
  })

  it("is within 0.4 % of any value up to 4.29 seconds", () => {
    for (let nanos = 256; nanos <= nanosMax; nanos = Math.ceil(nanos * 1.003)) {
      const error = Math.abs(recorded(nanos).quantileNanos(1) - nanos) / nanos
      expect(error).toBeLessThan(0.004)
    }
  })

  it("counts what is longer than 4.29 seconds as 4.29 seconds", () => {
    expect(recorded(1e12).quantileNanos(1) / nanosMax).toBeCloseTo(1, 2)
  })

  it("gives the quantiles of what it was told", () => {
    const histogram = recorded(...Array.from({ length: 1_000 }, (_, index) => (index + 1) * 1_000))
    expect(histogram.total).toBe(1_000)
    expect(histogram.quantileNanos(0.5) / 500_000).toBeCloseTo(1, 2)
    expect(histogram.quantileNanos(0.99) / 990_000).toBeCloseTo(1, 2)
  })

  it("is empty again when cleared", () => {
    const histogram = recorded(5, 6)
    histogram.clear()
    expect([histogram.total, histogram.quantileNanos(0.5)]).toStrictEqual([0, 0])
  })
})
