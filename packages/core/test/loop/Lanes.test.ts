/** The run queue: order by priority, woken before spent, and nothing waits for ever. */
import { expect, it } from "vitest"
import { Lanes } from "../../src/internal/loop/Lanes.ts"

const drained = (lanes: Lanes, log: Array<string>): ReadonlyArray<string> => {
  while (lanes.length > 0) lanes.shift()()
  return log
}

it("lower priorities run first, equal ones in the order they came", () => {
  const lanes = new Lanes()
  const log: Array<string> = []
  for (const [name, priority] of [
    ["c", 0],
    ["e", 10],
    ["a", -10],
    ["d", 0],
    ["b", -10]
  ] as const) {
    lanes.push(() => log.push(name), priority, false)
  }
  expect(drained(lanes, log)).toEqual(["a", "b", "c", "d", "e"])
})

it("who was woken goes before who used up its slice", () => {
  const lanes = new Lanes()
  const log: Array<string> = []
  lanes.push(() => log.push("spent"), 0, true)
  lanes.push(() => log.push("woken"), 0, false)
  expect(drained(lanes, log)).toEqual(["woken", "spent"])
})

it("a resume that was put off goes before who was woken, and keeps its order", () => {
  const lanes = new Lanes()
  const log: Array<string> = []
  lanes.push(() => log.push("woken"), 0, false)
  for (const name of ["first", "second"]) lanes.pushResumed(() => log.push(name))
  lanes.push(() => log.push("urgent"), -1, false)
  expect(lanes.lengths()).toEqual([
    { priority: -1, fresh: 1, spent: 0 },
    { priority: 0, fresh: 3, spent: 0 }
  ])
  expect(drained(lanes, log)).toEqual(["urgent", "first", "second", "woken"])
})

it("what is passed over is served once in seventeen dispatches", () => {
  const lanes = new Lanes()
  const log: Array<string> = []
  const again = (): void => {
    log.push("high")
    lanes.push(again, -1, false)
  }
  lanes.push(again, -1, false)
  for (let index = 0; index < 3; index++) lanes.push(() => log.push("low"), 5, false)
  for (let dispatch = 0; dispatch < 51; dispatch++) lanes.shift()()
  expect(log.flatMap((name, index) => (name === "low" ? [index] : []))).toEqual([16, 33, 50])
})

it("more priorities than lanes share one, and none is lost", () => {
  const lanes = new Lanes()
  const seen = new Set<number>()
  for (let priority = 0; priority < 100; priority++) {
    lanes.push(() => seen.add(priority), priority, false)
  }
  drained(lanes, [])
  expect(seen.size).toBe(100)
})

it("a long queue keeps its order while it grows", () => {
  const lanes = new Lanes()
  const log: Array<string> = []
  for (let index = 0; index < 50; index++) lanes.push(() => log.push(`${index}`), 0, false)
  for (let index = 0; index < 40; index++) lanes.shift()()
  for (let index = 50; index < 500; index++) lanes.push(() => log.push(`${index}`), 0, false)
  expect(drained(lanes, log)).toEqual(Array.from({ length: 500 }, (_, index) => `${index}`))
})
