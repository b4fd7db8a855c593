import { expect, it } from "vitest"
import { percentile } from "../src/Percentile.ts"

const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1)

it.for([
  [0, 1],
  [0.5, 50],
  [0.99, 99],
  [0.991, 100],
  [1, 100]
] as const)("gives rank %s of 1 to 100 as %s", ([rank, value]) => {
  expect(percentile(hundred, rank)).toBe(value)
})

it("gives the one value there is for every rank", () => {
  expect(percentile(Float64Array.of(7), 0.99)).toBe(7)
})
