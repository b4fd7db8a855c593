import { describe, expect, it } from "vitest"
import { median, quantile, ratios, summarise } from "../src/Statistics.ts"

describe("Statistics", () => {
  it("takes the middle of an odd number of values", () => {
    expect(median([9, 1, 5])).toBe(5)
  })

  it("takes the mean of the two middle ones of an even number", () => {
    expect(median([1, 100, 3, 5])).toBe(4)
  })

  it("summarises without disturbing its input", () => {
    const values = [3, 1, 2]
    expect(summarise(values)).toStrictEqual({ median: 2, min: 1, max: 3 })
    expect(values).toStrictEqual([3, 1, 2])
  })

  it("compares each round with itself", () => {
    // The machine was ten times slower in the second round; the contestant never was.
    expect(ratios([20, 200, 22], [10, 100, 10])).toStrictEqual([2, 2, 2.2])
  })

  it("leaves out rounds without a value, and those whose base is 0", () => {
    expect(ratios([20, undefined, 30, 5], [10, 10, 10, 0])).toStrictEqual([2, 3])
    expect(ratios([undefined, 3], [1, undefined])).toStrictEqual([])
  })

  it("finds the value that a share of all does not exceed", () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect([0, 0.5, 0.99, 1].map((share) => quantile(values, share))).toStrictEqual([
      1, 50, 99, 100
    ])
    expect(quantile([7], 0.5)).toBe(7)
  })
})
