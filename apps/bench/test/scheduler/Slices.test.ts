import { describe, expect, it } from "vitest"
import { Slices } from "../../src/scheduler/programs/Slices.ts"

const start = { ops: 0, millis: 1_000, cpuMicros: 0 }

/** Slices of 256 operations each, which cost so many microseconds apiece. */
const sliced = (costs: ReadonlyArray<number>): Slices => {
  const slices = new Slices(start)
  let { cpuMicros, millis, ops } = start
  for (const cost of costs)
    slices.end({ ops: (ops += 256), millis: (millis += 20), cpuMicros: (cpuMicros += 256 * cost) })
  return slices
}

describe("Slices", () => {
  it("takes the cheapest of a few", () => {
    expect(sliced([3, 2, 5]).quiet).toBe(2)
  })

  it("leaves out a twentieth of many", () => {
    const costs = Array.from({ length: 60 }, (_, index) => 100 - index)
    expect(sliced(costs).quiet).toBe(44)
  })

  it("has a figure only of whole slices", () => {
    expect(sliced([]).quiet).toBeUndefined()
  })

  it("is due 20 ms after the slice before", () => {
    const slices = new Slices(start)
    expect([1_019.9, 1_020].map((millis) => slices.isDue(millis))).toStrictEqual([false, true])
    slices.end({ ops: 256, millis: 1_025, cpuMicros: 100 })
    expect([1_044, 1_045].map((millis) => slices.isDue(millis))).toStrictEqual([false, true])
  })
})
