/**
 * Virtual time as programs see it: it goes from one moment at which something is due to the next,
 * and never back.
 */
import { Deadline, Interval } from "@portico/core"
import { SimBackend } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import { describe, expect, it } from "vitest"

const worlds = [
  { seed: 1, order: "fifo" },
  ...[1, 2, 3, 4, 5].map((seed) => ({ seed, order: "random" }) as const)
] as const

const run = <A, E>(program: Effect.Effect<A, E>, options: (typeof worlds)[number]): A => {
  const exit = SimBackend.runSync(program, options)
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(String(exit.cause))
}

const now = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6)

/** What each timer's fiber saw when it fired, in the order of firing. */
interface Fired {
  readonly due: number
  readonly at: number
}

// In milliseconds, in the order in which they are started.
const lengths = [5, 1, 3, 30, 3, 9, 2, 20, 9]

const starting = (fired: Array<Fired>) =>
  Effect.forEach(lengths, (due) =>
    Effect.forkChild(
      Effect.flatMap(Effect.andThen(Effect.sleep(due), now), (at) =>
        Effect.sync(() => fired.push({ due, at }))
      ),
      { startImmediately: true }
    )
  )

describe.each(worlds)("advancing ($order, seed $seed)", (world) => {
  it("by n fires exactly the timers that are due, in the order of their deadlines", () => {
    const fired: Array<Fired> = []
    const steps = Effect.gen(function* () {
      const fibers = yield* starting(fired)
      const seen: Array<ReadonlyArray<number>> = []
      for (const until of [4, 4, 8, 20]) {
        fired.length = 0
        yield* Effect.sleep(until - Math.floor(yield* now))
        // What fired with it may still be on its way through the world's turn.
        for (let turn = 0; turn < 100; turn++) yield* Effect.yieldNow
        seen.push(fired.map(({ due }) => due))
      }
      yield* Fiber.interruptAll(fibers)
      return seen
    })
    expect(run(steps, world)).toEqual([[1, 2, 3, 3], [], [5], [9, 9, 20]])
  })

  it("shows each timer the moment it was due, and no later one's", () => {
    const fired: Array<Fired> = []
    run(Effect.flatMap(starting(fired), Fiber.joinAll), world)
    expect(fired.map(({ due }) => due)).toEqual(lengths.toSorted((a, b) => a - b))
    for (const { at, due } of fired) {
      expect(at).toBeGreaterThanOrEqual(due)
      expect(at).toBeLessThan(due + 0.1)
    }
  })
})

it("one iteration of the loop jumps to the next timer, and no further", () => {
  const fired: Array<Fired> = []
  const driver = SimBackend.start(Effect.flatMap(starting(fired), Fiber.joinAll), { seed: 1 })
  let state = driver.run("once")
  while (state.exit === undefined) {
    const before = fired.length
    const last = state.nanos
    state = driver.run("once")
    expect(state.halt).toBeUndefined()
    expect(state.nanos).toBeGreaterThanOrEqual(last)
    const news = fired.slice(before)
    expect(new Set(news.map(({ due }) => due)).size).toBeLessThanOrEqual(1)
    for (const { due } of news) expect(state.nanos / 1e6).toBeLessThan(due + 0.1)
  }
  expect(fired.length).toBe(lengths.length)
})

describe.each(worlds)("time ($order, seed $seed)", (world) => {
  it("is not moved backwards by what lies in the past", () => {
    const program = Effect.gen(function* () {
      yield* Effect.sleep("1 second")
      const began = yield* now
      const interval = yield* Interval.make("1 hour", { start: -1_000 })
      yield* Effect.sleep(-500)
      yield* Deadline.sleepUntil(Deadline.at(0n))
      yield* Effect.ignore(Deadline.within(Effect.never, -500))
      yield* interval.tick
      return (yield* now) - began
    })
    const passed = run(program, world)
    expect(passed).toBeGreaterThanOrEqual(0)
    expect(passed).toBeLessThan(1)
  })

  it("never goes back, whatever is slept, moved and interrupted", () => {
    const readings: Array<bigint> = []
    const read = Effect.map(Clock.monotonicTimeNanos, (nanos) => void readings.push(nanos))
    const worker = Effect.gen(function* () {
      const deadline = yield* Deadline.movable("1 second")
      for (let round = 0; round < 20; round++) {
        yield* read
        const millis = yield* Random.nextIntBetween(-20, 50)
        yield* Effect.ignore(Deadline.within(Effect.sleep(millis), deadline))
        yield* Effect.ignore(deadline.move(yield* Random.nextIntBetween(-5, 1_000)))
        yield* read
      }
    })
    const workers = Array.from({ length: 10 }, () => worker)
    run(Effect.all(workers, { concurrency: "unbounded", discard: true }), world)
    expect(readings.length).toBe(400)
    for (const [index, reading] of readings.entries()) {
      expect(reading >= (readings[index - 1] ?? 0n)).toBe(true)
    }
  })
})
