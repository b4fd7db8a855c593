/**
 * What core leans on in Effect's fibers, their contexts and their services, a sentence a test. When
 * a new version of Effect fails one, read the file that its group names.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Scheduler from "effect/Scheduler"
import * as Tracer from "effect/Tracer"
import { describe, expect, it } from "vitest"
import { AskedScheduler } from "./AskedScheduler.ts"

type Cache = Fiber.Fiber.Cache

/** The cache of the fiber that runs this. */
const cache = Effect.withFiber((fiber) => Effect.sync(() => fiber.cache))
const here = /EffectFiber\.test\.ts:\d+:\d+/

describe("the object (LiveFibers.ts: a mark on each fiber)", () => {
  it("a fiber takes a symbol property, and keeps it when it has ended", () => {
    const mark = Symbol("mark")
    const wait = Deferred.makeUnsafe<void>()
    const fiber: Fiber.Fiber<void> & { [mark]?: number } = Effect.runFork(Deferred.await(wait))
    expect(Object.isExtensible(fiber)).toBe(true)
    fiber[mark] = 1.5
    Deferred.doneUnsafe(wait, Effect.void)
    expect(fiber.pollUnsafe()?._tag).toBe("Success")
    expect(fiber[mark]).toBe(1.5)
  })

  it("the scheduler, the program and whoever started it see the same object", () => {
    const scheduler = new AskedScheduler()
    const seen: Array<unknown> = []
    const fiber = Effect.runFork(
      Effect.withFiber((own) => Effect.sync(() => seen.push(own, Fiber.getCurrent()))),
      { scheduler }
    )
    for (const one of scheduler.asked) if (one._tag === "Operation") seen.push(one.fiber)
    expect(seen.length).toBeGreaterThan(2)
    expect(new Set(seen)).toEqual(new Set([fiber]))
  })

  it("ids rise in the order in which fibers are made", () => {
    const [first, second] = [Effect.runFork(Effect.void), Effect.runFork(Effect.void)]
    expect(second.id).toBeGreaterThan(first.id)
  })

  it("pollUnsafe tells the exit from when observers are told of it, and nothing before", () => {
    const wait = Deferred.makeUnsafe<string>()
    const polled: Array<unknown> = []
    const fiber = Effect.runFork(Effect.tap(Deferred.await(wait), () => Effect.sync(() => poll())))
    const poll = () => void polled.push(fiber.pollUnsafe()?._tag)
    fiber.addObserver(poll)
    Deferred.doneUnsafe(wait, Effect.succeed("value"))
    expect(polled).toEqual([undefined, "Success"])
  })

  it("getCurrent is the innermost fiber that runs, and the outer one again afterwards", () => {
    const ids: Array<number | undefined> = []
    const note = Effect.sync(() => void ids.push(Fiber.getCurrent()?.id))
    let inner: Fiber.Fiber<void> | undefined
    const outer = Effect.runFork(
      Effect.sync(() => {
        inner = Effect.runFork(note)
        ids.push(Fiber.getCurrent()?.id)
      })
    )
    expect(ids).toEqual([inner?.id, outer.id])
    expect(Fiber.getCurrent()).toBeUndefined()
  })
})

describe("the cache (StepWatch.ts: a step ends where the span does; Frames.ts: its name)", () => {
  it("a span replaces the cache while it lasts, and gives the outer one back", () => {
    const three = Effect.all([cache, Effect.withSpan(cache, "inner"), cache])
    const [before, within, after] = Effect.runSync(three)
    expect(within).not.toBe(before)
    expect(after).toBe(before)
  })

  it("Effect.fn with a name replaces it as well", () => {
    const named = Effect.fn("named")(() => cache)
    const [before, within] = Effect.runSync(Effect.all([cache, named()]))
    expect(within).not.toBe(before)
    expect(within.span).toMatchObject({ _tag: "Span", name: "named" })
  })

  it("a service of the program's own does not replace it", () => {
    class Own extends Context.Service<Own, number>()("@portico/core/test/Own") {}
    const both = Effect.all([cache, Effect.provideService(cache, Own, 1)])
    const [before, within] = Effect.runSync(both)
    expect(within).toBe(before)
  })

  it("another scheduler replaces it", () => {
    const scheduler = new AskedScheduler()
    const within = Effect.provideService(cache, Scheduler.Scheduler, scheduler)
    const fiber = Effect.runFork(within)
    expect(fiber.pollUnsafe()).toMatchObject({ value: { scheduler } })
  })

  it("a span names itself in it, and an external one has no name", () => {
    const external = Tracer.externalSpan({ traceId: "trace", spanId: "span" })
    const [own, foreign] = Effect.runSync(
      Effect.all([Effect.withSpan(cache, "own"), Effect.withParentSpan(cache, external)])
    )
    expect(own.span).toMatchObject({ _tag: "Span", name: "own" })
    expect(foreign.span?._tag).toBe("ExternalSpan")
  })

  it("stays readable with span and frame when the fiber has ended", () => {
    const started = Effect.forkChild(Effect.void, { startImmediately: true })
    const ended = Effect.runSync(Effect.withSpan(started, "inherited"))
    expect(ended.pollUnsafe()?._tag).toBe("Success")
    expect(ended.cache.span).toMatchObject({ _tag: "Span", name: "inherited" })
    expect(ended.cache.stackFrame?.name).toBe("inherited")
  })
})

describe("stack frames (Frames.ts: who, and file:line:column)", () => {
  const frameOf = (effect: Effect.Effect<Cache>) => Effect.runSync(effect).stackFrame

  it("withSpan leaves a frame with the span's name and the place where it was opened", () => {
    const frame = frameOf(Effect.withSpan(cache, "opened here"))
    expect(frame?.name).toBe("opened here")
    expect(frame?.stack()).toMatch(here)
  })

  it("Effect.fn leaves one with its name and the place of the call", () => {
    const called = Effect.fn("called")(() => cache)
    const program = Effect.gen(function* () {
      return yield* called()
    })
    const frame = frameOf(program)
    expect(frame?.name).toBe("called")
    expect(frame?.stack()).toMatch(here)
  })

  it("frames are linked from the innermost outwards", () => {
    const inner = Effect.withSpan(cache, "inner")
    const frame = frameOf(Effect.withSpan(inner, "outer"))
    expect([frame?.name, frame?.parent?.name]).toEqual(["inner", "outer"])
    expect(frame?.parent?.parent).toBeUndefined()
  })

  it("a fork keeps those of its parent", () => {
    const forked = Effect.flatMap(Effect.forkChild(cache, { startImmediately: true }), Fiber.join)
    expect(frameOf(Effect.withSpan(forked, "of the parent"))?.name).toBe("of the parent")
  })
})

describe("services (HostScheduler.layer, HostClock.ts, EventLoop.ts)", () => {
  it("a layer's scheduler and clock reach the program that it is given to, and its forks", () => {
    const scheduler = new AskedScheduler()
    const clock = Object.create(Context.get(Context.empty(), Clock.Clock)) as Clock.Clock
    const layer = Layer.merge(
      Layer.succeed(Scheduler.Scheduler, scheduler),
      Layer.succeed(Clock.Clock, clock)
    )
    const both = Effect.withFiber((fiber) =>
      Effect.sync(() => [fiber.cache.scheduler, fiber.getRef(Clock.Clock)] as const)
    )
    const forked = Effect.flatMap(Effect.forkDetach(both, { startImmediately: true }), Fiber.join)
    const exit = Effect.runFork(Effect.provide(Effect.all([both, forked]), layer)).pollUnsafe()
    const pair = [scheduler, clock]
    expect(exit).toMatchObject({ _tag: "Success", value: [pair, pair] })
  })

  it("Effect.sleep asks the clock that is provided where it stands, with its duration", () => {
    const asked: Array<number> = []
    const clock = Object.create(Context.get(Context.empty(), Clock.Clock)) as Clock.Clock
    const sleep = (duration: Duration.Duration) =>
      Effect.sync(() => void asked.push(Duration.toMillis(duration)))
    Object.defineProperty(clock, "sleep", { value: sleep })
    const naps = Effect.all(["3 millis", 0, Duration.infinity].map((nap) => Effect.sleep(nap as 0)))
    const fiber = Effect.runFork(Effect.provideService(naps, Clock.Clock, clock))
    expect(fiber.pollUnsafe()?._tag).toBe("Success")
    expect(asked).toEqual([3, 0, Infinity])
  })

  it("Fiber.getCurrent is known inside a clock's sleep, which is a callback of the sleeper", () => {
    let id: number | undefined
    const clock = Object.create(Context.get(Context.empty(), Clock.Clock)) as Clock.Clock
    const sleep = () => Effect.callback<void>(() => void (id = Fiber.getCurrent()?.id))
    Object.defineProperty(clock, "sleep", { value: sleep })
    const nap = Effect.provideService(Effect.sleep("1 hour"), Clock.Clock, clock)
    const fiber = Effect.runFork(nap)
    expect(id).toBe(fiber.id)
    fiber.interruptUnsafe()
  })

  it("a registered metric is read each time somebody asks, and is gone when it is removed", () => {
    const context = Context.make(Metric.MetricRegistry, new Map())
    let value = 1
    const hooks = { get: () => ({ value }), update: () => {}, modify: () => {} }
    const registered = Metric.registerUnsafe(Metric.gauge("of ours"), context, hooks)
    for (value of [2, 3]) {
      expect(Metric.snapshotUnsafe(context)).toMatchObject([{ id: "of ours", state: { value } }])
    }
    registered.remove()
    expect(Metric.snapshotUnsafe(context)).toEqual([])
  })

  it("of two registrations of one metric the later counts, and the earlier removes nothing", () => {
    const context = Context.make(Metric.MetricRegistry, new Map())
    const register = (value: number) =>
      Metric.registerUnsafe(Metric.gauge("of both"), context, {
        get: () => ({ value }),
        update: () => {},
        modify: () => {}
      })
    const [earlier, later] = [register(1), register(2)]
    earlier.remove()
    expect(Metric.snapshotUnsafe(context)).toMatchObject([{ state: { value: 2 } }])
    later.remove()
    expect(Metric.snapshotUnsafe(context)).toEqual([])
  })
})
