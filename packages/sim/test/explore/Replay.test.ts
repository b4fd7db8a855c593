import { Explore, Probe, Replay } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { decode, encode } from "../../src/explore/DecisionBytes.ts"
import { type Decisions, deviations } from "../../src/explore/Decisions.ts"
import { DecisionLog } from "../../src/explore/DecisionLog.ts"
import { ExactScript, LooseScript } from "../../src/explore/Script.ts"
import { Prng } from "../../src/Prng.ts"

/** What a program draws that asks so often for one of so many. */
const draw = (log: DecisionLog, counts: ReadonlyArray<number>, seed: number) => {
  const draws = new Prng(seed, 0)
  return counts.map((count, index) => log.decide(index % 3, count, draws.below(count)))
}

const counts = Array.from({ length: 300 }, (_, index) => 1 + (index % 7))

const recorded = (): Decisions => {
  const log = new DecisionLog()
  draw(log, counts, 1)
  return log.decisions()
}

/** Two fibers that take what only one may have. */
const race = (step: Effect.Effect<void> = Effect.void) =>
  Effect.gen(function* () {
    let taken = 0
    const take = Effect.gen(function* () {
      const seen = yield* Effect.sync(() => taken)
      yield* step
      if (seen === 0) yield* Effect.sync(() => taken++)
      yield* Probe.committed
    })
    yield* Fiber.joinAll([yield* Effect.forkChild(take), yield* Effect.forkChild(take)])
    yield* Probe.always("one has it", taken === 1, `${taken}`)
  })

const findOne = () => {
  const found = Explore.exploreSync(race()).found[0]
  if (found === undefined) throw new Error("Found nothing")
  return found
}

describe("decisions", () => {
  it("are the same as bytes and back", () => {
    const decisions = recorded()
    const bytes = encode(decisions)
    expect(decode(bytes)).toEqual(decisions)
    expect(bytes.length).toBeLessThan(decisions.length * 4)
  })

  it("that are all zero take a few bytes", () => {
    const log = new DecisionLog()
    for (let index = 0; index < 63; index++) log.decide(5, 2, 0)
    expect(encode(log.decisions())).toHaveLength(5)
  })

  it("are refused when the bytes are damaged, wherever that is", () => {
    const bytes = encode(recorded())
    // Another number may still be a number of decisions, but then it is one that can be read.
    const problem = (damaged: Uint8Array) => {
      try {
        return decode(damaged).length > 0 ? undefined : "no decisions"
      } catch (error) {
        return error instanceof RangeError ? undefined : error
      }
    }
    for (let index = 0; index < bytes.length; index++) {
      expect(() => decode(bytes.subarray(0, index))).toThrow(RangeError)
      expect(problem(bytes.with(index, bytes[index]! ^ 0xff))).toBe(undefined)
    }
  })

  it("are made again by an exact script, whatever is drawn", () => {
    const decisions = recorded()
    const script = new ExactScript(decisions)
    const log = new DecisionLog(script)
    draw(log, counts, 2)
    expect(log.decisions()).toEqual(decisions)
    expect(script.divergence).toBe(undefined)
  })

  it("tell the first one that was another", () => {
    const script = new ExactScript(recorded())
    draw(new DecisionLog(script), counts.with(131, 9), 2)
    expect(script.divergence).toMatchObject({ index: 131, actual: { count: 9, kind: 2 } })
  })

  it("tell by 64 where only a label was another", () => {
    const script = new ExactScript(recorded())
    const log = new DecisionLog(script)
    counts.forEach((count, index) => log.decide(index % 3, count, 0, index === 100 ? 7 : 0))
    expect(script.divergence).toMatchObject({ index: 64, expected: undefined })
  })

  it("find their places by kind when others are left out", () => {
    const decisions = recorded()
    const kept = deviations(decisions).filter(({ kind }) => kind !== 1)
    const log = new DecisionLog(new LooseScript(kept))
    counts.forEach((count, index) => {
      if (index % 3 !== 1) log.decide(index % 3, count, 0)
    })
    const values = (list: ReturnType<typeof deviations>) =>
      list.map(({ kind, ordinal, value }) => [kind, ordinal, value])
    expect(values(deviations(log.decisions()))).toEqual(values(kept))
  })
})

describe("a replay", () => {
  it("is the same as text and back", () => {
    const replay = Explore.toReplay("a race", findOne())
    expect(Replay.read(Replay.write(replay))).toEqual(replay)
    for (const line of Replay.write(replay).split("\n").slice(1)) {
      expect(line.length).toBeLessThanOrEqual(100)
    }
  })

  it.each(["", "{}", "hello", '{"version":1}', '{"version":2,"name":""}'])(
    "is refused when it is none: %j",
    (text) => expect(() => Replay.read(text)).toThrow(RangeError)
  )

  it("takes every step again", () => {
    const found = findOne()
    const again = Explore.replay(race(), Explore.toReplay("a race", found))
    expect(again).toMatchObject({ likeness: "exact", hash: found.hash, steps: found.steps })
    expect(again.failure).toEqual(found.failure)
  })

  it("still fails when the program has another step", () => {
    const replay = Explore.toReplay("a race", findOne(), Explore.shrink(race(), findOne()))
    const again = Explore.replay(race(Effect.andThen(Effect.void, Effect.void)), replay)
    expect(again.likeness).toBe("loose")
    expect(again.divergence).toMatch(/^Decision \d+ /)
  })

  it("is gone when the program is mended", () => {
    const replay = Explore.toReplay("a race", findOne())
    const again = Explore.replay(Probe.committed, replay)
    expect(again).toMatchObject({ likeness: "gone", failure: undefined })
  })

  // Node and Bun both run this file, so that a difference between them fails on one.
  it("of what was shrunk is the one that was checked in", () => {
    const { deviations, nanos, steps } = Explore.shrink(race(), findOne())
    expect({ deviations, nanos, steps }).toMatchInlineSnapshot(`
      {
        "deviations": [
          {
            "count": 2,
            "index": 16,
            "kind": 5,
            "ordinal": 10,
            "value": 1,
          },
        ],
        "nanos": 1400,
        "steps": 4,
      }
    `)
  })
})

describe("shrinking", () => {
  it("leaves what the failure needs, and says how it went", () => {
    const minimum = Explore.shrink(race(), findOne())
    expect(minimum.deviations.length).toBeLessThanOrEqual(3)
    expect(minimum.runs).toBeLessThanOrEqual(500)
    expect(minimum.timeline.length).toBeLessThanOrEqual(25)
    expect(minimum.timeline.at(-1)).toMatch(/violation: always one has it$/)
  })

  it("leaves nothing of a failure that needs nothing", () => {
    const failing = Effect.andThen(race(), Effect.fail("always"))
    const found = Explore.exploreSync(failing, { strategy: "random" }).found[0]!
    expect(Explore.shrink(failing, found).deviations).toEqual([])
  })
})
