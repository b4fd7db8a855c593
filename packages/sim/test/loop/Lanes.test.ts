import { describe, expect, it } from "vitest"
import { Quota } from "../../src/explore/Policy.ts"
import { Production } from "../../src/explore/Production.ts"
import { RandomWalk } from "../../src/explore/RandomWalk.ts"
import { Scheduling } from "../../src/explore/Scheduling.ts"
import { Lanes } from "../../src/loop/Lanes.ts"
import { Prng } from "../../src/Prng.ts"
import { fiberStepsMax, Quotas } from "../../src/loop/Quotas.ts"
import { ReadyList } from "../../src/loop/ReadyList.ts"
import { Strand, StrandKind } from "../../src/loop/Strand.ts"

const orders = ["fifo", "random"] as const
const strandNumber = (id: number) => new Strand(StrandKind.fiber, id)
const nothing = () => {}

const byChance = (draws = new Prng(1, 0)) => new Scheduling(new RandomWalk(draws, 0), draws)

/** Whose every proposal is the same. */
const rigged = (policy: Partial<Production>) =>
  new Scheduling(Object.assign(new Production(), policy), new Prng(1, 0))

const makeLanes = (order: (typeof orders)[number]) =>
  new Lanes(order === "fifo" ? undefined : byChance())

/** Takes the next task, whose strand's number it gives. */
const take = (list: Lanes | ReadyList): number => {
  const strand = list.next()
  strand.shift()
  return strand.id
}

describe("lanes", () => {
  it.each(orders)("serve the lowest number first, in order %s", (order) => {
    const lanes = makeLanes(order)
    for (const priority of [3, -1, 0, 3, -1]) lanes.push(strandNumber(priority), nothing, priority)
    expect(lanes.lengths()).toEqual([
      { priority: -1, length: 2 },
      { priority: 0, length: 1 },
      { priority: 3, length: 2 }
    ])
    expect(Array.from({ length: 5 }, () => take(lanes))).toEqual([-1, -1, 0, 3, 3])
    expect([lanes.size, lanes.taken]).toEqual([0, 5])
  })

  it.each(orders)("pass over a high number 16 times at the most, in order %s", (order) => {
    const lanes = makeLanes(order)
    const busy = strandNumber(1)
    lanes.push(strandNumber(2), nothing, 10)
    let passes = 0
    for (;;) {
      lanes.push(busy, nothing, 0)
      if (take(lanes) === 2) break
      passes++
    }
    expect(passes).toBe(16)
  })
})

describe("a ready list in order random", () => {
  it("leaves those in their order that were not chosen", () => {
    const picks = [2, 1, 0, 0]
    const list = new ReadyList(rigged({ pick: () => picks.shift()! }))
    for (const id of [1, 2, 3, 4, 5]) list.push(strandNumber(id), nothing, 0)
    expect(Array.from({ length: 5 }, () => take(list))).toEqual([3, 2, 1, 4, 5])
  })

  // Chance alone passes one of ten over for 2,000 picks once in 10^91 runs; here chance is rigged.
  it("starves no strand, whatever is drawn", () => {
    const list = new ReadyList(rigged({ pick: (entries, head) => entries.length - head - 1 }))
    const strands = Array.from({ length: 10 }, (_, id) => strandNumber(id))
    // Two each, so that none of them is ever empty.
    for (const strand of [...strands, ...strands]) list.push(strand, nothing, 0)
    const served = new Set<number>()
    for (let pick = 0; pick < 10 * 1024; pick++) {
      const id = take(list)
      served.add(id)
      list.push(strands[id]!, nothing, 0)
    }
    expect(served.size).toBe(10)
  })
})

describe("quotas in order random", () => {
  it("pass over a place 16 times at the most, whatever is drawn", () => {
    const quotas = new Quotas(rigged({ quota: () => Quota.none }))
    const drawn = Array.from({ length: 35 }, () => quotas.of(3, 5, false, false))
    expect(drawn.flatMap((quota, index) => (quota > 0 ? [index, quota] : []))).toEqual([
      16, 1, 33, 1
    ])
    // Counted for each place.
    expect(quotas.of(4, 5, false, false)).toBe(0)
  })

  it("are at least one when nothing else could run", () => {
    const quotas = new Quotas(rigged({ quota: () => Quota.none }))
    expect(quotas.of(3, 5, false, true)).toBe(1)
  })

  it("are none, one, all, and what is between", () => {
    const quotas = new Quotas(byChance())
    const drawn = new Set(Array.from({ length: 500 }, () => quotas.of(3, 5, false, false)))
    expect(drawn).toEqual(new Set([0, 1, 2, 3, 4, 5]))
    const ofFibers = Array.from({ length: 500 }, () => quotas.of(3, 5, true, false))
    expect(Math.max(...ofFibers)).toBe(fiberStepsMax)
  })
})
