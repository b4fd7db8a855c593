/**
 * What `HostScheduler` leans on in Effect's scheduling without Effect's promising it. When a new
 * version of Effect fails here, read the sentence, then `HostScheduler.ts` and what it uses.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Scheduler from "effect/Scheduler"
import { expect, it } from "vitest"

type AnyFiber = Fiber.Fiber<unknown, unknown>

/** Notes what Effect asks of a scheduler; tasks wait until they are run. */
class Noting implements Scheduler.Scheduler, Scheduler.SchedulerDispatcher {
  readonly executionMode = "async"
  readonly counts: Array<number> = []
  readonly fibers = new Set<AnyFiber>()
  readonly tasks: Array<() => void> = []
  readonly priorities: Array<number> = []
  dispatchers = 0
  yieldsAt: number | undefined

  shouldYield(fiber: AnyFiber): boolean {
    this.counts.push(fiber.currentOpCount)
    this.fibers.add(fiber)
    if (fiber.currentOpCount !== this.yieldsAt) return false
    this.yieldsAt = undefined
    return true
  }

  makeDispatcher(): Scheduler.SchedulerDispatcher {
    this.dispatchers++
    return this
  }

  scheduleTask(task: () => void, priority: number): void {
    this.tasks.push(task)
    this.priorities.push(priority)
  }

  flush(): void {
    while (this.tasks.length > 0) this.tasks.shift()!()
  }
}

const run = <A, E>(program: Effect.Effect<A, E>) => {
  const scheduler = new Noting()
  return { scheduler, fiber: Effect.runFork(program, { scheduler }) }
}

it("shouldYield is asked before every operation, and counts from 1 at each resume", () => {
  let wake = (): void => {}
  const waiting = Effect.callback<void>((resume) => {
    wake = () => resume(Effect.void)
  })
  const { fiber, scheduler } = run(Effect.andThen(waiting, Effect.void))
  const before = scheduler.counts.length
  expect(scheduler.counts).toEqual(Array.from({ length: before }, (_, index) => index + 1))
  wake()
  expect(scheduler.counts[before]).toBe(1)
  expect(fiber.pollUnsafe()).toEqual(Exit.void)
})

it("a callback and a deferred resume their fiber on the waker's stack, without a task", () => {
  const gate = Deferred.makeUnsafe<number>()
  const { fiber, scheduler } = run(Deferred.await(gate))
  Deferred.doneUnsafe(gate, Effect.succeed(7))
  expect(fiber.pollUnsafe()).toEqual(Exit.succeed(7))
  expect(scheduler.tasks).toHaveLength(0)
})

it("told to yield at operation 1 of a resume, a fiber comes back as one task of priority 0", () => {
  const gate = Deferred.makeUnsafe<number>()
  const { fiber, scheduler } = run(Deferred.await(gate))
  scheduler.yieldsAt = 1
  Deferred.doneUnsafe(gate, Effect.succeed(7))
  expect(fiber.pollUnsafe()).toBeUndefined()
  expect(scheduler.priorities).toEqual([0])
  scheduler.flush()
  expect(fiber.pollUnsafe()).toEqual(Exit.succeed(7))
})

it("a yield with a priority is a task with that priority", () => {
  const { scheduler } = run(Effect.andThen(Effect.yieldNowWith(-10), Effect.yieldNowWith(10)))
  scheduler.flush()
  expect(scheduler.priorities).toEqual([-10, 10])
})

it("a fork starts as a task of its parent, and each fiber asks for one dispatcher at most", () => {
  const program = Effect.flatMap(Effect.forkChild(Effect.yieldNow), Fiber.join)
  const { fiber, scheduler } = run(program)
  expect(scheduler.fibers.size).toBe(1)
  expect(scheduler.tasks).toHaveLength(1)
  scheduler.flush()
  expect(fiber.pollUnsafe()).toEqual(Exit.void)
  expect(scheduler.dispatchers).toBe(2)
})

it("an interruption before the start runs at once, while the start still stands in the queue", () => {
  const { fiber, scheduler } = run(Effect.forkChild(Effect.never))
  const exit = fiber.pollUnsafe()
  const child = exit !== undefined && Exit.isSuccess(exit) ? exit.value : undefined
  // The parent's end interrupted its child, which never ran.
  expect(child?.pollUnsafe()).toBeDefined()
  expect(scheduler.tasks.length).toBeGreaterThan(0)
})

it("a fiber takes a property of ours, and has its cache still when it has ended", () => {
  const mark = Symbol("mark")
  const { fiber } = run(Effect.void)
  const marked = fiber as { [mark]?: number }
  marked[mark] = 1
  expect(marked[mark]).toBe(1)
  expect(fiber.cache.scheduler).toBeInstanceOf(Noting)
})

it("a span replaces the cache, names itself there, and says where it was opened", () => {
  const caches: Array<Fiber.Fiber.Cache> = []
  const look = Effect.withFiber((fiber) => Effect.sync(() => caches.push(fiber.cache)))
  run(Effect.andThen(look, Effect.withSpan(look, "inner")))
  expect(caches[1]).not.toBe(caches[0])
  expect(caches[1]?.span).toMatchObject({ _tag: "Span", name: "inner" })
  expect(caches[1]?.stackFrame?.name).toBe("inner")
  expect(caches[1]?.stackFrame?.stack()).toMatch(/EffectScheduler\.test\.ts:\d+:\d+/)
})

it("a layer's scheduler and clock reach the program it is given to, and its forks", () => {
  const scheduler = new Noting()
  const clock = Context.get(Context.empty(), Clock.Clock)
  const own = Object.create(clock) as Clock.Clock
  const references = Layer.merge(
    Layer.succeed(Scheduler.Scheduler, scheduler),
    Layer.succeed(Clock.Clock, own)
  )
  const seen: Array<readonly [Scheduler.Scheduler, Clock.Clock]> = []
  const look = Effect.withFiber((fiber) =>
    Effect.sync(() => seen.push([fiber.cache.scheduler, fiber.getRef(Clock.Clock)]))
  )
  const both = Effect.andThen(look, Effect.forkDetach(look, { startImmediately: true }))
  run(Effect.provide(both, references)).scheduler.flush()
  scheduler.flush()
  expect(seen).toEqual([
    [scheduler, own],
    [scheduler, own]
  ])
})

it("a registered metric is read when somebody asks, and is gone when it is removed", () => {
  const context = Context.make(Metric.MetricRegistry, new Map())
  let value = 1
  const hooks = { get: () => ({ value }), update: () => {}, modify: () => {} }
  const registered = Metric.registerUnsafe(Metric.gauge("of ours"), context, hooks)
  value = 2
  expect(Metric.snapshotUnsafe(context)).toMatchObject([{ id: "of ours", state: { value: 2 } }])
  registered.remove()
  expect(Metric.snapshotUnsafe(context)).toHaveLength(0)
})
