import { EventLoop } from "@portico/core"
import { Backend } from "@portico/core/Backend"
import { SimBackend } from "@portico/sim"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import * as Scheduler from "effect/Scheduler"
import { describe, expect, it } from "vitest"
import { fiberStepsMax } from "../../src/loop/Quotas.ts"

const run = <A, E>(
  program: Effect.Effect<A, E, SimBackend.Services>,
  order: "fifo" | "random" = "fifo"
): A => {
  const exit = SimBackend.runSync(program, { seed: 1, order })
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(String(exit.cause))
}

const snapshot = EventLoop.EventLoop.use((loop) => loop.snapshot)
const known = Effect.map(Backend, ({ scheduler }) => scheduler.fibers())

describe("a snapshot", () => {
  it("counts turns, their tasks, and how long they and their tasks' waiting took", () => {
    const { after, before } = run(
      Effect.gen(function* () {
        yield* Effect.sleep("1 millis")
        const before = yield* snapshot
        for (let time = 0; time < 10; time++) yield* Effect.yieldNow
        yield* Effect.sleep("1 millis")
        return { before, after: yield* snapshot }
      })
    )
    expect(after.turns - before.turns).toBe(1)
    expect(after.tasks - before.tasks).toBe(10)
    // The turn of ten steps, and the callback before it that ended the first sleep.
    expect(after.turnTime.count - before.turnTime.count).toBe(2)
    expect(after.turnTime.sumMillis - before.turnTime.sumMillis).toBeCloseTo(0.0011, 5)
    // The first of the ten waited for the poll, which found nothing.
    expect(after.lag.count - before.lag.count).toBe(1)
    expect(after.lag.maxMillis).toBeCloseTo(0.001, 5)
    expect(after.longestSteps).toEqual([])
  })

  it("counts the lag of a turn that had to end from that end", () => {
    const yielding = Effect.gen(function* () {
      for (let time = 0; time < 500; time++) yield* Effect.yieldNow
    })
    const { lag, turns } = run(
      Effect.andThen(Effect.all([yielding, yielding], { concurrency: 2 }), snapshot)
    )
    expect(turns).toBe(Math.ceil(1000 / fiberStepsMax))
    // Each waits for one poll, and the first one for the step that began it, too.
    expect(lag.maxMillis).toBeLessThan(0.0012)
  })

  it("counts callbacks in which fibers ran, once each", () => {
    const { after, before } = run(
      Effect.gen(function* () {
        const gate = yield* Deferred.make<void>()
        const fibers = yield* Effect.forEach([1, 2, 3], () =>
          Effect.forkChild(Deferred.await(gate), { startImmediately: true })
        )
        const before = yield* snapshot
        yield* Effect.sleep("1 millis")
        // One callback: it wakes this fiber, which wakes three.
        yield* Deferred.succeed(gate, undefined)
        yield* Fiber.joinAll(fibers)
        yield* Effect.yieldNow
        return { before, after: yield* snapshot }
      })
    )
    expect(after.callbacks - before.callbacks).toBe(2)
  })

  it("counts slices and resumes that were put off", () => {
    const { slices, putOff } = run(
      Effect.provideService(
        Effect.gen(function* () {
          const gate = yield* Deferred.make<void>()
          const fibers = yield* Effect.forEach(Array.from({ length: 100 }), () =>
            Effect.forkChild(Deferred.await(gate), { startImmediately: true })
          )
          yield* Effect.yieldNow
          yield* Deferred.succeed(gate, undefined)
          yield* Fiber.joinAll(fibers)
          const operation = Effect.suspend(() => Effect.void)
          for (let step = 0; step < 5000; step++) yield* operation
          return yield* snapshot
        }),
        Scheduler.MaxOpsBeforeYield,
        500
      )
    )
    expect(slices).toBeGreaterThanOrEqual(10)
    // 64 resumes in a step: the waker's own is one of them.
    expect(putOff).toBe(37)
  })

  it("shows the queue by priority, and what is spent in it", () => {
    const { queue, queueLength, fibers } = run(
      Effect.provideService(
        Effect.gen(function* () {
          const yielding = (priority: number) => Effect.yieldNowWith(priority)
          const fork = (effect: Effect.Effect<void>) =>
            Effect.forkChild(effect, { startImmediately: true })
          yield* fork(yielding(5))
          yield* fork(yielding(-5))
          yield* fork(yielding(5))
          yield* fork(Effect.forever(Effect.void, { disableYield: true }))
          return yield* snapshot
        }),
        Scheduler.MaxOpsBeforeYield,
        30
      )
    )
    expect(queue).toEqual([
      { priority: -5, fresh: 1, spent: 0 },
      { priority: 0, fresh: 0, spent: 1 },
      { priority: 5, fresh: 2, spent: 0 }
    ])
    expect(queueLength).toBe(4)
    expect(fibers).toBe(5)
  })

  it("tells which part of virtual time was busy", () => {
    const { utilization } = run(Effect.andThen(Effect.sleep("1 second"), snapshot))
    expect(utilization).toBeGreaterThan(0)
    expect(utilization).toBeLessThan(1e-5)
  })

  it("is in metrics of the world, not of the process", () => {
    let ofWorld: ReadonlyArray<string> = []
    const program = Effect.map(Metric.snapshot, (all) => {
      ofWorld = all.map(({ id }) => id)
    })
    // Cut short, so that no finalizer takes them back.
    SimBackend.runSync(Effect.andThen(program, Effect.never), { seed: 1 })
    expect(ofWorld).toContain("portico_loop_turns")
    const ofProcess = Effect.runSync(Metric.snapshot).map(({ id }) => id)
    expect(ofProcess).not.toContain("portico_loop_turns")
  })
})

describe("its fibers", () => {
  it("are those that live, in order of their start, with the time that they ran", () => {
    const { fibers, ids } = run(
      Effect.gen(function* () {
        const sleeper = yield* Effect.forkChild(Effect.sleep("1 hour"), { startImmediately: true })
        yield* Effect.forkChild(Effect.void)
        yield* Effect.sleep("5 millis")
        const waiter = yield* Effect.forkChild(Effect.never, { startImmediately: true })
        yield* Effect.sleep("5 millis")
        return { fibers: yield* known, ids: [sleeper.id, waiter.id] }
      })
    )
    expect(fibers.slice(1).map(({ fiber }) => fiber.id)).toEqual(ids)
    expect(fibers.map(({ resumedAtMillis }) => Math.floor(resumedAtMillis))).toEqual([10, 0, 5])
    expect(fibers.map(({ isQueued }) => isQueued)).toEqual([false, false, false])
  })

  it("are queued when their resume was put off", () => {
    const program = Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      yield* Effect.forEach(Array.from({ length: 100 }), () =>
        Effect.forkChild(Effect.andThen(Deferred.await(gate), Effect.never), {
          startImmediately: true
        })
      )
      yield* Effect.yieldNow
      yield* Deferred.succeed(gate, undefined)
      const queued = Effect.map(known, (all) => all.filter(({ isQueued }) => isQueued).length)
      const before = yield* queued
      yield* Effect.sleep("1 millis")
      return [before, yield* queued]
    })
    expect(run(program)).toEqual([37, 0])
  })

  it("are queued when their slice was over, until they run again", () => {
    const program = Effect.gen(function* () {
      const spin = Effect.forever(Effect.void, { disableYield: true })
      const spinner = yield* Effect.forkChild(spin, { startImmediately: true })
      const isQueued = Effect.map(known, (fibers) =>
        fibers.some((one) => one.fiber.id === spinner.id && one.isQueued)
      )
      const before = yield* isQueued
      yield* Fiber.interrupt(spinner)
      return [before, yield* isQueued]
    })
    expect(run(program)).toEqual([true, false])
  })
})

describe("priorities", () => {
  it.each(["fifo", "random"] as const)("hold across fibers, in order %s", (order) => {
    const program = Effect.gen(function* () {
      const order: Array<number> = []
      const at = (priority: number) =>
        Effect.andThen(
          Effect.yieldNowWith(priority),
          Effect.sync(() => order.push(priority))
        )
      const fork = (priority: number) => Effect.forkChild(at(priority), { startImmediately: true })
      yield* Fiber.joinAll(yield* Effect.forEach([7, -3, 0, 7, -3], fork))
      return order
    })
    expect(run(program, order)).toEqual([-3, -3, 0, 7, 7])
  })
})

describe("blame", () => {
  it("is laid on nobody: computing takes no virtual time", () => {
    const blamed: Array<unknown> = []
    const program = Effect.gen(function* () {
      const { scheduler } = yield* Backend
      const stop = scheduler.onBlame((blame) => blamed.push(blame))
      yield* Effect.sync(() => {
        for (let count = 0, sum = 0; count < 1e6; count++) sum += count
      })
      yield* Effect.sleep("1 second")
      stop()
    })
    run(program)
    expect(blamed).toEqual([])
  })
})
