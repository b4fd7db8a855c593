/** Who held the thread: exactly where steps are few, and among suspects where they share a look. */
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { Blame } from "../../src/Blame.ts"
import { LoopRig } from "./LoopRig.ts"

/** Steps that have looks of their own in one millisecond. */
const exactLooksMax = 1024

const blaming = (blameMillisMin?: number) => {
  const rig = new LoopRig({ blameMillisMin })
  const blames: Array<Blame> = []
  const stop = rig.scheduler.onBlame((blame) => void blames.push(blame))
  return { rig, blames, stop }
}

/** Operations that hold the thread, in a span of that name. */
const step = (rig: LoopRig, name: string, ...millis: ReadonlyArray<number>) =>
  Effect.withSpan(Effect.forEach(millis, rig.busy.bind(rig)), name)

describe("a step of its own", () => {
  it("that holds the thread for the threshold is told, with its fiber, span and time", () => {
    const { blames, rig } = blaming()
    rig.run(step(rig, "other", 1))
    const fiber = rig.run(step(rig, "parse", 50))
    rig.run(step(rig, "third", 1))
    rig.settle()
    expect(blames).toMatchObject([{ millis: 50, suspects: [{ fiberId: fiber.id, span: "parse" }] }])
    expect(blames[0]!.atMillis).toBe(1051)
  })

  it.each([
    [50, 49.9, 0],
    [1, 1, 1],
    [100, 99, 0],
    [100, 100, 1]
  ])("with a threshold of %d ms one of %d ms is told %d times", (min, millis, times) => {
    const { blames, rig } = blaming(min)
    rig.callback(() => void rig.run(step(rig, "parse", millis)))
    expect(blames).toHaveLength(times)
  })

  it("ends where its span does, and goes on between the operations of one", () => {
    const { blames, rig } = blaming()
    rig.run(Effect.andThen(step(rig, "first", 40), step(rig, "second", 40)))
    rig.settle()
    expect(blames).toEqual([])
    rig.run(step(rig, "both", 30, 30))
    rig.settle()
    expect(blames).toMatchObject([{ millis: 60, suspects: [{ span: "both" }] }])
  })

  it("is the fiber's that a task runs, whatever other tasks the turn has", () => {
    const { blames, rig } = blaming()
    const tasks = ["a", "b", "c"].map((name, index) =>
      rig.run(Effect.andThen(Effect.yieldNow, step(rig, name, index === 1 ? 70 : 1)))
    )
    rig.settle()
    expect(blames.map(({ suspects }) => suspects.map(({ fiberId }) => fiberId))).toEqual([
      [tasks[1]!.id]
    ])
  })
})

it("the time that the host waits is nobody's", () => {
  const { blames, rig } = blaming()
  for (const { wake } of rig.waiting(20, () => rig.busy(1))) {
    rig.settle()
    rig.loop.millis += 1000
    rig.callback(wake)
  }
  expect(blames).toEqual([])
  expect(rig.snapshot.turnTime.maxMillis).toBe(1)
})

it("a site is told once, others are told too, and nobody after the listener left", () => {
  const { blames, rig, stop } = blaming()
  const run = (name: string) => rig.callback(() => void rig.run(step(rig, name, 60)))
  for (const name of ["a", "a", "b", "a", "b"]) run(name)
  expect(blames.map(({ suspects }) => suspects[0]!.span)).toEqual(["a", "b"])
  stop()
  run("c")
  expect(blames).toHaveLength(2)
})

it("the eight longest steps are kept, longest first, each site with its longest", () => {
  const { rig } = blaming()
  const run = (name: string, millis: number) =>
    rig.callback(() => void rig.run(step(rig, name, millis)))
  for (let millis = 1; millis <= 12; millis++) run(`${millis}`, millis)
  run("12", 2)
  run("12", 20)
  run("short", 0.5)
  expect(rig.snapshot.longestSteps.map(({ millis }) => millis)).toEqual([20, 11, 10, 9, 8, 7, 6, 5])
})

describe("where steps share looks", () => {
  // By which looks differ: who ran is told by the time of the look before.
  const tickMillis = 2 ** -20

  /** Steps enough, at one time, that further ones share looks. */
  const flooded = () => {
    const made = blaming()
    made.rig.loop.tickMillis = tickMillis
    const yields = Effect.forEach(Array.from({ length: exactLooksMax }), () => Effect.yieldNow)
    made.rig.run(yields)
    made.rig.settle()
    return made
  }

  it("who ran since the last look is suspected, the culprit among them, and nobody else", () => {
    const { blames, rig } = flooded()
    const fibers = Array.from({ length: 100 }, (_, index) =>
      rig.run(Effect.andThen(Effect.yieldNow, step(rig, `s${index}`, index === 50 ? 80 : 0)))
    )
    rig.settle()
    expect(blames).toHaveLength(1)
    const suspects = blames[0]!.suspects.map(({ fiberId }) => fiberId)
    expect(suspects.length).toBeLessThanOrEqual(8)
    expect(suspects).toContain(fibers[50]!.id)
    // Those that ran next to it, and no others of the hundred.
    for (const id of suspects) expect(Math.abs(id - fibers[50]!.id)).toBeLessThan(8)
  })

  it("so it is where the looks are used up in the middle of a turn, at whichever task", () => {
    for (let before = exactLooksMax - 6; before <= exactLooksMax + 2; before++) {
      const { blames, rig } = blaming()
      rig.loop.tickMillis = tickMillis
      rig.run(Effect.forEach(Array.from({ length: before }), () => Effect.yieldNow))
      const culprit = rig.run(Effect.andThen(Effect.yieldNowWith(1), step(rig, "late", 80)))
      rig.settle()
      const named = blames.map(({ suspects }) => suspects.map(({ fiberId }) => fiberId))
      expect(named).toHaveLength(1)
      expect(named[0]).toContain(culprit.id)
    }
  })

  it("so it is in callbacks: at the latest the armed turn tells", () => {
    const { blames, rig } = blaming()
    rig.loop.tickMillis = tickMillis
    const quick = rig.waiting(520, () => Effect.void)
    const fibers = rig.waiting(4, (index) => step(rig, `s${index}`, index === 1 ? 80 : 0))
    rig.settle()
    for (const { wake } of quick) rig.callback(wake)
    rig.loop.turn()
    for (const { wake } of quick.slice(0, 1)) rig.callback(wake)
    for (const { wake } of fibers) rig.callback(wake)
    rig.settle()
    expect(blames).toHaveLength(1)
    const suspects = blames[0]!.suspects.map(({ fiberId }) => fiberId)
    expect(suspects).toContain(fibers[1]!.fiber.id)
    // The wait that follows is nobody's still.
    rig.loop.millis += 1000
    rig.callback(() => {})
    rig.settle()
    expect(blames).toHaveLength(1)
  })
})
