/** Which steps are worth a name: all that are blamed, and few of the others. */
import { describe, expect, it } from "vitest"
import type { Suspect } from "../../src/Blame.ts"
import { LongSteps } from "../../src/internal/loop/LongSteps.ts"

const suspect = (span: string): ReadonlyArray<Suspect> => [{ fiberId: 1, span, frames: [] }]

/** How many of `count` steps of `millis` each, `everyMillis` apart, are named. */
const named = (long: LongSteps, count: number, millis: number, everyMillis: number, from = 0) => {
  let times = 0
  for (let step = 1; step <= count; step++) {
    const at = from + step * everyMillis
    if (!long.isNamed(millis, at)) continue
    long.note(suspect("handle"), millis, at)
    times++
  }
  return times
}

describe("a step below the threshold is named", () => {
  it("not below a millisecond, nor below one that is among eight longer ones", () => {
    const long = new LongSteps(50, 0)
    expect(long.isNamed(0.99, 1)).toBe(false)
    for (let step = 0; step < 8; step++) long.note(suspect(`${step}`), 10 + step, step)
    expect([9.9, 10].map((millis) => long.isNamed(millis, 9))).toEqual([false, true])
  })

  it("where there were few: 32 at once, and ten in each second after them", () => {
    const long = new LongSteps(50, 0)
    expect(named(long, 1000, 2, 0)).toBe(1 + 32)
    expect(named(long, 10_000, 2, 1)).toBe(100)
    expect(named(long, 100, 2, 0, 1_000_000)).toBe(32)
  })

  it("where it is twice as long as any before", () => {
    const long = new LongSteps(50, 0)
    named(long, 1000, 2, 0)
    expect([3.9, 4].map((millis) => long.isNamed(millis, 0))).toEqual([false, true])
    long.note(suspect("handle"), 4, 0)
    expect([4, 7.9, 8].map((millis) => long.isNamed(millis, 0))).toEqual([false, false, true])
  })
})

it("one of the threshold is named always, whoever was named before", () => {
  const long = new LongSteps(50, 0)
  const blamed: Array<string> = []
  long.onBlame(({ site }) => void blamed.push(site))
  named(long, 1000, 49, 0)
  expect(blamed).toEqual([])
  for (let step = 0; step < 100; step++) {
    expect(long.isNamed(50, 0)).toBe(true)
    long.note(suspect(`${step}`), 50, 0)
  }
  expect(blamed).toEqual(Array.from({ length: 100 }, (_, step) => `${step}`))
})
