/**
 * What `HostScheduler` leans on in Effect's run loop, a sentence a test. When a new version of
 * Effect fails one, read the part of `HostScheduler.ts` that its group names.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Scheduler from "effect/Scheduler"
import { describe, expect, it } from "vitest"
import { AskedScheduler } from "./AskedScheduler.ts"

/** A wait that the test ends. */
const waiting = () => {
  const deferred = Deferred.makeUnsafe<void>()
  return {
    effect: Deferred.await(deferred),
    wake: () => Deferred.doneUnsafe(deferred, Effect.void)
  }
}

const isRising = (counts: ReadonlyArray<number>): boolean =>
  counts.every((count, index) => index === 0 || count > counts[index - 1]!)

/** `depth` operations, each of which is a step of the run loop. */
const suspended = (depth: number): Effect.Effect<void> =>
  depth === 0 ? Effect.void : Effect.suspend(() => suspended(depth - 1))

describe("asking (shouldYield: operation 1 is a start or a resume)", () => {
  it("shouldYield is asked before every operation of the run loop, with a rising count", () => {
    const scheduler = new AskedScheduler()
    Effect.runFork(suspended(100), { scheduler })
    expect(scheduler.counts()).toEqual(Array.from({ length: 101 }, (_, index) => index + 1))
  })

  it("the count is 1 at the start of a fiber and at each resume, and at no other operation", () => {
    const scheduler = new AskedScheduler()
    const [first, second] = [waiting(), waiting()]
    const fiber = Effect.runFork(
      Effect.andThen(Effect.andThen(first.effect, second.effect), suspended(10)),
      { scheduler }
    )
    const run = (wake: () => void) => {
      scheduler.asked.length = 0
      wake()
      const counts = scheduler.counts(fiber)
      expect(counts[0]).toBe(1)
      expect(isRising(counts)).toBe(true)
    }
    expect(scheduler.counts(fiber)[0]).toBe(1)
    expect(isRising(scheduler.counts(fiber))).toBe(true)
    run(first.wake)
    run(second.wake)
    expect(fiber.pollUnsafe()?._tag).toBe("Success")
  })

  it("at most 32 operations pass between two askings", () => {
    const scheduler = new AskedScheduler()
    let program: Effect.Effect<number> = Effect.succeed(0)
    for (let link = 0; link < 1000; link++) program = Effect.map(program, (n) => n + 1)
    const fiber = Effect.runFork(program, { scheduler })
    expect(fiber.pollUnsafe()).toMatchObject({ value: 1000 })
    const counts = scheduler.counts()
    const gaps = counts.slice(1).map((count, index) => count - counts[index]!)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(32)
  })

  it("with PreventSchedulerYield a fiber is not asked about", () => {
    const scheduler = new AskedScheduler()
    const prevented = Effect.provideService(suspended(10), Scheduler.PreventSchedulerYield, true)
    const fiber = Effect.runFork(prevented, { scheduler })
    expect(fiber.pollUnsafe()?._tag).toBe("Success")
    expect(scheduler.counts().length).toBeLessThan(10)
  })

  it("a fiber that runs another one inside itself goes on with its own count", () => {
    const scheduler = new AskedScheduler()
    let inner: Fiber.Fiber<void> | undefined
    const fiber = Effect.runFork(
      Effect.andThen(
        Effect.sync(() => void (inner = Effect.runFork(suspended(5), { scheduler }))),
        suspended(5)
      ),
      { scheduler }
    )
    expect(scheduler.counts(inner)).toEqual([1, 2, 3, 4, 5, 6])
    const counts = scheduler.counts(fiber)
    expect(counts.filter((count) => count === 1).length).toBe(1)
    expect(isRising(counts)).toBe(true)
  })
})

describe("yielding (isSpent and isCrowdedOut: the next task is the one of who was told)", () => {
  it("true before operation 1 puts a start off through scheduleTask, with priority 0", () => {
    const scheduler = new AskedScheduler((_, count) => count === 1 && scheduler.asked.length === 1)
    let hasRun = false
    const program = Effect.sync(() => void (hasRun = true))
    const fiber = Effect.runFork(program, { scheduler })
    expect(hasRun).toBe(false)
    expect(scheduler.priorities).toEqual([0])
    scheduler.step()
    expect(hasRun).toBe(true)
    expect(fiber.pollUnsafe()?._tag).toBe("Success")
  })

  it("true before operation 1 of a resume puts the resume off, and loses nothing of it", () => {
    let isPuttingOff = false
    const scheduler = new AskedScheduler((_, count) => isPuttingOff && count === 1)
    const deferred = Deferred.makeUnsafe<string>()
    const fiber = Effect.runFork(Deferred.await(deferred), { scheduler })
    isPuttingOff = true
    Deferred.doneUnsafe(deferred, Effect.succeed("value"))
    isPuttingOff = false
    expect(fiber.pollUnsafe()).toBeUndefined()
    scheduler.settle()
    expect(fiber.pollUnsafe()).toMatchObject({ value: "value" })
  })

  it("who is told to yield schedules itself next: nobody is asked in between", () => {
    const scheduler = new AskedScheduler((_, count) => count === 5)
    Effect.runFork(suspended(10), { scheduler })
    const told = scheduler.asked.findIndex((one) => one._tag === "Operation" && one.count === 5)
    expect(scheduler.asked.slice(told + 1).map(({ _tag }) => _tag)).toEqual(["Task"])
    expect(scheduler.priorities).toEqual([0])
    scheduler.asked.length = 0
    scheduler.step()
    expect(scheduler.counts()[0]).toBe(1)
  })

  it("yieldNow has priority 0, yieldNowWith the one that it is given", () => {
    const scheduler = new AskedScheduler()
    const yields = [Effect.yieldNow, Effect.yieldNowWith(7), Effect.yieldNowWith(-3)]
    Effect.runFork(Effect.all(yields, { discard: true }), { scheduler })
    scheduler.settle()
    expect(scheduler.priorities).toEqual([0, 7, -3])
  })

  it("an interruption of a waiting fiber is a resume, and is put off like one", () => {
    let isPuttingOff = false
    const scheduler = new AskedScheduler((_, count) => isPuttingOff && count === 1)
    const fiber = Effect.runFork(Effect.never, { scheduler })
    isPuttingOff = true
    fiber.interruptUnsafe()
    isPuttingOff = false
    expect(fiber.pollUnsafe()).toBeUndefined()
    scheduler.settle()
    expect(fiber.pollUnsafe()).toMatchObject({ cause: { reasons: [{ _tag: "Interrupt" }] } })
  })
})

describe("starting (a fiber that never started is never put off)", () => {
  it("a fork's start is a task of priority 0 on its parent's dispatcher", () => {
    const scheduler = new AskedScheduler()
    let hasRun = false
    const child = Effect.sync(() => void (hasRun = true))
    Effect.runFork(Effect.andThen(Effect.forkChild(child), Effect.never), { scheduler })
    expect(scheduler.priorities).toEqual([0])
    expect(scheduler.dispatchers).toBe(1)
    expect(hasRun).toBe(false)
    scheduler.settle()
    expect(hasRun).toBe(true)
    // The child ran to its end without a dispatcher of its own.
    expect(scheduler.dispatchers).toBe(1)
  })

  it("a fork that starts immediately is asked about inside its parent, and is no task", () => {
    const scheduler = new AskedScheduler()
    const forked = Effect.forkDetach(Effect.never, { startImmediately: true })
    Effect.runFork(forked, { scheduler })
    expect(scheduler.priorities).toEqual([])
    expect(scheduler.counts().filter((count) => count === 1).length).toBe(2)
  })

  it("an interruption before the start ends the fiber at once; its start does nothing then", () => {
    const scheduler = new AskedScheduler()
    let hasRun = false
    const child = Effect.sync(() => void (hasRun = true))
    const parent = Effect.runFork(Effect.forkDetach(child), { scheduler })
    const exit = parent.pollUnsafe()
    const fiber = exit?._tag === "Success" ? exit.value : undefined
    expect(fiber?.pollUnsafe()).toBeUndefined()
    fiber?.interruptUnsafe()
    expect(fiber?.pollUnsafe()?._tag).toBe("Failure")
    scheduler.settle()
    expect(hasRun).toBe(false)
  })
})

describe("resuming (the guard for chains, I/O in its own callback)", () => {
  it("a callback's resume runs inside the call, and is no task", () => {
    const scheduler = new AskedScheduler()
    let resume: ((effect: Effect.Effect<void>) => void) | undefined
    const wait = Effect.callback<void>((given) => void (resume = given))
    const fiber = Effect.runFork(wait, { scheduler })
    resume?.(Effect.void)
    expect(fiber.pollUnsafe()?._tag).toBe("Success")
    expect(scheduler.priorities).toEqual([])
  })

  it("a Deferred wakes all who wait inside the call, in order, and by no task", () => {
    const scheduler = new AskedScheduler()
    const deferred = Deferred.makeUnsafe<void>()
    const order: Array<number> = []
    for (const number of [1, 2, 3]) {
      const noting = Effect.sync(() => order.push(number))
      Effect.runFork(Effect.andThen(Deferred.await(deferred), noting), { scheduler })
    }
    Deferred.doneUnsafe(deferred, Effect.void)
    expect(order).toEqual([1, 2, 3])
    expect(scheduler.priorities).toEqual([])
  })

  it("a promise resumes its fiber in a microtask, and by no task", async () => {
    const scheduler = new AskedScheduler()
    const fiber = Effect.runFork(
      Effect.promise(() => Promise.resolve()),
      { scheduler }
    )
    await Effect.runPromise(Fiber.join(fiber))
    expect(scheduler.priorities).toEqual([])
  })
})

describe("dispatchers (one run queue for the thread)", () => {
  it("makeDispatcher is asked once for each fiber, when it first schedules anything", () => {
    const scheduler = new AskedScheduler()
    const twice = Effect.andThen(Effect.yieldNow, Effect.yieldNow)
    Effect.runFork(suspended(3), { scheduler })
    expect(scheduler.dispatchers).toBe(0)
    Effect.runFork(twice, { scheduler })
    Effect.runFork(twice, { scheduler })
    scheduler.settle()
    expect(scheduler.dispatchers).toBe(2)
  })

  it("a fiber whose scheduler changes asks the new one for all that follows", () => {
    const [outer, inner] = [new AskedScheduler(), new AskedScheduler()]
    const within = Effect.provideService(Effect.yieldNow, Scheduler.Scheduler, inner)
    const program = Effect.andThen(Effect.yieldNow, Effect.andThen(within, Effect.yieldNow))
    const fiber = Effect.runFork(program, { scheduler: outer })
    outer.settle()
    expect([outer.dispatchers, inner.dispatchers]).toEqual([1, 1])
    inner.settle()
    outer.settle()
    expect(fiber.pollUnsafe()?._tag).toBe("Success")
    expect([outer.priorities, inner.priorities]).toEqual([[0, 0], [0]])
  })

  it("a fiber that changes schedulers in its run asks the new one at no operation 1", () => {
    const [outer, inner] = [new AskedScheduler(), new AskedScheduler()]
    const within = Effect.provideService(suspended(5), Scheduler.Scheduler, inner)
    Effect.runFork(Effect.andThen(suspended(5), within), { scheduler: outer })
    expect(inner.counts().length).toBeGreaterThan(0)
    expect(Math.min(...inner.counts())).toBeGreaterThan(1)
  })

  it("runSync runs by a scheduler of its own, whatever the context has", () => {
    const scheduler = new AskedScheduler()
    const program = Effect.gen(function* () {
      const run = Effect.runSyncWith(yield* Effect.context<never>())
      const before = scheduler.asked.length
      run(Effect.andThen(Effect.yieldNow, suspended(5)))
      expect(scheduler.asked.length).toBe(before)
    })
    const fiber = Effect.runFork(program, { scheduler })
    expect(fiber.pollUnsafe()?._tag).toBe("Success")
  })
})
