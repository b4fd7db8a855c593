import { afterEach, describe, expect, it } from "vitest"
import { everything, listing, mode, nothing } from "../../src/measuring/switching/mode.ts"
import { SwitchedSlices } from "../../src/measuring/switching/SwitchedSlices.ts"

const start = { ops: 0, millis: 1_000, cpuMicros: 0 }
const costs = { [nothing]: 10, [listing]: 11, [everything]: 12 }

/** Ends so many slices; an operation costs what its mode does, ten times that while it rests. */
const sliced = (count: number): SwitchedSlices => {
  const slices = new SwitchedSlices(start)
  let { cpuMicros, millis, ops } = start
  for (let slice = 0; slice < count; slice++) {
    const isResting = slice % 2 === 0
    mode.now = mode.wanted
    millis += isResting ? 5 : 20
    cpuMicros += 256 * costs[mode.now] * (isResting ? 10 : 1)
    expect(slices.isDue(millis - 0.1)).toBe(false)
    expect(slices.isDue(millis)).toBe(true)
    slices.end({ ops: (ops += 256), millis, cpuMicros })
  }
  return slices
}

afterEach(() => {
  mode.now = mode.wanted = everything
})

describe("SwitchedSlices", () => {
  it("compares what neighbouring slices cost, without the rest after each change", () => {
    for (const cycles of [1, 2, 6, 7])
      expect(sliced(6 * cycles).measurements).toStrictEqual({
        measuring_to_list: 12 / 11,
        measuring_to_nothing: 1.2,
        list_to_nothing: 1.1
      })
  })

  it("rests until the scheduler has changed", () => {
    mode.now = everything
    const slices = new SwitchedSlices(start)
    expect(mode.wanted).toBe(nothing)
    for (const millis of [1_005, 1_010]) slices.end({ ops: 256, millis, cpuMicros: 1 })
    expect(slices.isDue(1_015)).toBe(true)
    mode.now = nothing
    slices.end({ ops: 512, millis: 1_015, cpuMicros: 2 })
    expect(slices.isDue(1_034)).toBe(false)
  })

  it("tells nothing of less than a cycle", () => {
    expect(sliced(5).measurements).toStrictEqual({})
  })
})
