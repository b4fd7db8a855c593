import { Explore, Probe, Strategy } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { Pct } from "../../src/explore/Pct.ts"
import { Lanes } from "../../src/loop/Lanes.ts"
import { Prng } from "../../src/Prng.ts"
import { Strand, StrandKind } from "../../src/loop/Strand.ts"

const strand = (id: number, rank: number): Strand => {
  const made = new Strand(StrandKind.fiber, id)
  made.rank = rank
  return made
}
const nothing = () => {}

/** A policy without change points, and what is ready beside the fiber that runs. */
const withoutChanges = (...ready: ReadonlyArray<readonly [rank: number, priority: number]>) => {
  const lanes = new Lanes(undefined)
  ready.forEach(([rank, priority], index) =>
    lanes.push(strand(10 + index, rank), nothing, priority)
  )
  return new Pct(new Prng(1, 0), { depth: 1, choicePoints: 1 }, () => lanes)
}

describe("PCT", () => {
  it("preempts a fiber only when a higher one is ready", () => {
    const running = strand(1, 5)
    expect(withoutChanges().preempts(running)).toBe(false)
    expect(withoutChanges([4, 0], [3, 0]).preempts(running)).toBe(false)
    expect(withoutChanges([4, 0], [6, 0]).preempts(running)).toBe(true)
    expect(withoutChanges([6, -1]).preempts(running)).toBe(true)
  })

  it("does not preempt for what would come after a fiber that yields", () => {
    expect(withoutChanges([6, 1]).preempts(strand(1, 5))).toBe(false)
  })

  it("lets whoever is woken run at once only if it is higher", () => {
    const policy = withoutChanges()
    policy.preempts(strand(1, 5))
    expect(policy.defers(strand(2, 4))).toBe(true)
    expect(policy.defers(strand(2, 6))).toBe(false)
  })

  it("makes the one that runs the lowest at a change point", () => {
    const lanes = new Lanes(undefined)
    lanes.push(strand(2, 4), nothing, 0)
    const policy = new Pct(new Prng(1, 0), { depth: 2, choicePoints: 1 }, () => lanes)
    const running = strand(1, 5)
    expect(policy.preempts(running)).toBe(true)
    expect(running.rank).toBeLessThan(0)
  })

  // With no change point, only what becomes ready can end a fiber's turn.
  it("lets a child overtake the fiber that forked it, in the middle of that", () => {
    const seen = new Set<string>()
    const scenario = Effect.gen(function* () {
      let order = ""
      const note = (text: string) => Effect.sync(() => void (order += text))
      const child = yield* Effect.forkChild(note("c"))
      for (const text of ["1", "2", "3"]) yield* note(text)
      yield* Fiber.join(child)
      yield* Probe.committed
      seen.add(order)
    })
    const strategy = Strategy.Pct({ depth: 1, choicePoints: 1 })
    Explore.exploreSync(scenario, { runs: 50, strategy })
    expect([...seen].toSorted()).toEqual(["123c", "c123"])
  })
})
