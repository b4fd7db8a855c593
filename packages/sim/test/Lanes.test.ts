import { describe, expect, it } from "vitest"
import { Lanes } from "../src/Lanes.ts"
import { Prng } from "../src/Prng.ts"
import { type Order, ReadyList } from "../src/ReadyList.ts"
import { Strand, StrandKind } from "../src/Strand.ts"

const orders = ["fifo", "random"] as const
const strandNumber = (id: number) => new Strand(StrandKind.fiber, id)
const nothing = () => {}

const makeLanes = (order: Order) => new Lanes(order, new Prng(1, 0))

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
  // Chance alone passes one of ten over for 2,000 picks once in 10^91 runs; here chance is rigged.
  it("starves no strand, whatever is drawn", () => {
    const highest = { below: (count: number) => count - 1 } as Prng
    const list = new ReadyList("random", highest)
    const strands = Array.from({ length: 10 }, (_, id) => strandNumber(id))
    for (const strand of strands) list.push(strand, nothing, 0)
    const served = new Set<number>()
    for (let pick = 0; pick < 10 * 1024; pick++) {
      const id = take(list)
      served.add(id)
      list.push(strands[id]!, nothing, 0)
    }
    expect(served.size).toBe(10)
  })
})
