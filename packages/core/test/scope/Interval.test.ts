import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, it } from "vitest"
import * as Deadline from "../../src/Deadline.ts"
import * as Interval from "../../src/Interval.ts"
import { ManualClock } from "../scripted/ManualClock.ts"
import { StepScheduler, steps } from "../scripted/StepScheduler.ts"

const run = <A, E>(program: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(Effect.provide(program, TestClock.layer()))

const fork = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.forkChild(effect, { startImmediately: true })

const millisOf = (nanos: bigint): number => Number(nanos) / 1e6

interface Seen {
  readonly at: number
  readonly due: number
  readonly missed: number
}

/** Ticks as a worker sees them that takes `work[n]` milliseconds after its nth tick. */
const ticks = (policy: Interval.MissedTicks, work: ReadonlyArray<number>) =>
  run(
    Effect.gen(function* () {
      const interval = yield* Interval.make(50, { missed: policy })
      const seen: Array<Seen> = []
      const worker = yield* fork(
        Effect.forEach(work, (millis, index) =>
          Effect.gen(function* () {
            const tick = yield* interval.tick
            const at = millisOf(yield* Clock.monotonicTimeNanos)
            expect(tick.index).toBe(index)
            expect(Duration.toMillis(tick.late)).toBe(at - millisOf(tick.due))
            seen.push({ at, due: millisOf(tick.due), missed: tick.missed })
            yield* Effect.sleep(millis)
          })
        )
      )
      while (worker.pollUnsafe() === undefined) yield* TestClock.adjust(5)
      return seen
    })
  )

const times = (seen: ReadonlyArray<Seen>) => seen.map(({ at }) => at)

describe("ticks", () => {
  it("come at multiples of the period, the first at once, whatever the work takes", async () => {
    for (const policy of ["burst", "delay", "skip"] as const) {
      const seen = await ticks(policy, [10, 45, 0, 30, 5])
      expect(times(seen)).toEqual([0, 50, 100, 150, 200])
      expect(seen.map(({ missed }) => missed)).toEqual([0, 0, 0, 0, 0])
    }
  })

  // The second tick's work takes 175 ms: those of 100, 150 and 200 ms are missed.
  const late = [10, 175, 10, 10, 10, 10]

  it("that were missed come all at once in a burst, until the schedule is caught up", async () => {
    const seen = await ticks("burst", late)
    expect(times(seen)).toEqual([0, 50, 225, 235, 245, 255])
    expect(seen.map(({ due }) => due)).toEqual([0, 50, 100, 150, 200, 250])
    expect(seen.map(({ missed }) => missed)).toEqual([0, 0, 2, 1, 0, 0])
  })

  it("that were missed delay the schedule", async () => {
    const seen = await ticks("delay", late)
    expect(times(seen)).toEqual([0, 50, 225, 275, 325, 375])
    expect(seen.map(({ missed }) => missed)).toEqual([0, 0, 2, 0, 0, 0])
  })

  it("that were missed are skipped, and the schedule stays", async () => {
    const seen = await ticks("skip", late)
    expect(times(seen)).toEqual([0, 50, 225, 250, 300, 350])
    expect(seen.map(({ missed }) => missed)).toEqual([0, 0, 2, 0, 0, 0])
  })

  it("asked for a little late are missed by delay alone", async () => {
    const work = [75, 75, 0]
    expect(times(await ticks("burst", work))).toEqual([0, 75, 150])
    expect(times(await ticks("delay", work))).toEqual([0, 75, 150])
    expect(times(await ticks("skip", work))).toEqual([0, 75, 150])
    const rest = [75, 0, 0]
    expect(times(await ticks("burst", rest))).toEqual([0, 75, 100])
    expect(times(await ticks("delay", rest))).toEqual([0, 75, 125])
    expect(times(await ticks("skip", rest))).toEqual([0, 75, 100])
  })

  it("skip to the multiple after the one that is due right now", async () => {
    expect(times(await ticks("skip", [100, 0, 0]))).toEqual([0, 100, 150])
  })

  it("may begin later", () =>
    run(
      Effect.gen(function* () {
        const interval = yield* Interval.make(50, { start: 20 })
        const fiber = yield* fork(interval.tick)
        yield* TestClock.adjust(19)
        expect(fiber.pollUnsafe()).toBeUndefined()
        yield* TestClock.adjust(1)
        expect((yield* Fiber.join(fiber)).due).toBe(20_000_000n)
        const never = yield* Interval.make(50, { start: Deadline.infinite })
        const waiting = yield* fork(never.tick)
        yield* TestClock.adjust("1 day")
        expect(waiting.pollUnsafe()).toBeUndefined()
        yield* Fiber.interrupt(waiting)
      })
    ))

  it("late by the host's timer alone do not move the schedule, whatever the policy", () => {
    for (const missed of ["burst", "delay", "skip"] as const) {
      const clock = new ManualClock()
      const onClock = Effect.provideService(Clock.Clock, clock)
      const interval = Effect.runSync(onClock(Interval.make(10, { missed, start: 10 })))
      const first = Effect.runFork(onClock(interval.tick))
      clock.advance(13)
      expect(first.pollUnsafe()).toMatchObject({ value: { missed: 0 } })
      const second = Effect.runFork(onClock(interval.tick))
      clock.advance(6)
      expect(second.pollUnsafe()).toBeUndefined()
      clock.advance(1)
      expect(second.pollUnsafe()).toMatchObject({ value: { due: 20_000_000n } })
    }
  })

  it("that are due let others run first", () =>
    run(
      Effect.gen(function* () {
        const interval = yield* Interval.make(50)
        const order: Array<string> = []
        yield* Effect.forkChild(Effect.sync(() => order.push("other")))
        yield* interval.tick
        order.push("tick")
        expect(order).toEqual(["other", "tick"])
      })
    ))
})

describe("waiting", () => {
  it("fibers that wait at the same time get the same tick", () =>
    run(
      Effect.gen(function* () {
        const interval = yield* Interval.make(50, { start: 50 })
        const fibers = yield* Effect.forEach([1, 2, 3], () => fork(interval.tick))
        yield* TestClock.adjust(50)
        const [first, ...others] = yield* Fiber.joinAll(fibers)
        expect(first!.index).toBe(0)
        for (const tick of others) expect(tick).toBe(first)
        const next = yield* fork(interval.tick)
        yield* TestClock.adjust(50)
        expect((yield* Fiber.join(next)).index).toBe(1)
      })
    ))

  it("holds a timer while somebody waits, and none otherwise", () => {
    const clock = new ManualClock()
    const onClock = Effect.provideService(Clock.Clock, clock)
    const interval = Effect.runSync(onClock(Interval.make(10, { start: 10 })))
    expect(clock.pending).toBe(0)
    const [first, second] = [1, 2].map(() => Effect.runFork(onClock(interval.tick)))
    expect(clock.pending).toBe(1)
    first!.interruptUnsafe()
    expect(clock.pending).toBe(1)
    second!.interruptUnsafe()
    expect(clock.pending).toBe(0)
  })

  it("a reset moves the tick that is waited for, earlier and later", () =>
    run(
      Effect.gen(function* () {
        const interval = yield* Interval.make(50, { start: 50 })
        const fiber = yield* fork(interval.tick)
        yield* TestClock.adjust(40)
        yield* interval.reset()
        yield* TestClock.adjust(49)
        expect(fiber.pollUnsafe()).toBeUndefined()
        yield* interval.reset(20)
        yield* interval.reset(10)
        yield* TestClock.adjust(10)
        const tick = yield* Fiber.join(fiber)
        expect([tick.index, tick.due]).toEqual([0, 99_000_000n])
        const next = yield* fork(interval.tick)
        yield* TestClock.adjust(49)
        expect(next.pollUnsafe()).toBeUndefined()
        yield* TestClock.adjust(1)
        expect((yield* Fiber.join(next)).due).toBe(149_000_000n)
      })
    ))

  it("interrupted between any two steps, takes no tick", () => {
    const indexes = steps.map((after) => {
      const clock = new ManualClock()
      const scheduler = new StepScheduler()
      const onClock = Effect.provideService(Clock.Clock, clock)
      const interval = Effect.runSync(onClock(Interval.make(10)))
      let got: number | undefined
      const waiting = Effect.map(interval.tick, (tick) => void (got = tick.index))
      const fiber = Effect.runFork(onClock(waiting), { scheduler })
      for (let step = 0; step < after; step++) scheduler.step()
      fiber.interruptUnsafe()
      while (scheduler.step());
      clock.advance(100)
      const next = Effect.runFork(onClock(interval.tick), { scheduler })
      while (scheduler.step());
      expect(next.pollUnsafe()).toMatchObject({ value: { index: got === undefined ? 0 : 1 } })
      return got
    })
    expect(new Set(indexes)).toEqual(new Set([undefined, 0]))
  })
})

it.each([0, -5, NaN, "Infinity", "500 nanos", "31 days"] as const)(
  "refuses a period of %s, by name and value",
  async (period) => {
    const exit = await Effect.runPromiseExit(Interval.make(period))
    expect(exit).toMatchObject({ cause: { reasons: [{ _tag: "Die" }] } })
    expect(String(exit)).toMatch(/A period must be from 0.001 to 2592000000 milliseconds: \S/)
  }
)

it.each(["1 micros", "30 days"] as const)("takes a period of %s", async (period) => {
  const interval = await Effect.runPromise(Interval.make(period))
  expect(Duration.toNanosUnsafe(interval.period)).toBe(Duration.toNanosUnsafe(period))
})
