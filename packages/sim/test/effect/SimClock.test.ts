import { EventLoop } from "@portico/core"
import { Backend } from "@portico/core/Backend"
import { SimBackend } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import { describe, expect, it } from "vitest"
import { SimClock } from "../../src/effect/SimClock.ts"
import { World } from "../../src/World.ts"
import * as Duration from "effect/Duration"

const run = <A, E>(program: Effect.Effect<A, E, SimBackend.Services>, seed = 1): A => {
  const exit = SimBackend.runSync(program, { seed })
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(String(exit.cause))
}

/** Virtual milliseconds that `effect` takes. */
const taking = (effect: Effect.Effect<unknown>) =>
  Effect.gen(function* () {
    const start = yield* Clock.monotonicTimeNanos
    yield* effect
    return Number((yield* Clock.monotonicTimeNanos) - start) / 1e6
  })

describe("sleep", () => {
  it.each([1, 1000, 86_400_000, 2 ** 31, 30 * 86_400_000])("lasts %i ms, never less", (millis) => {
    const took = run(taking(Effect.sleep(millis)))
    expect(took).toBeGreaterThanOrEqual(millis)
    expect(took).toBeLessThan(millis + 0.01)
  })

  it.each(["500 nanos", "1 micros"] as const)("counts nanoseconds: %s", (duration) => {
    const took = run(taking(Effect.sleep(duration)))
    expect(took).toBeGreaterThanOrEqual(Duration.toMillis(duration))
    expect(took).toBeLessThan(Duration.toMillis(duration) + 0.001)
  })

  it("ends in order of deadlines; equal ones in the order of their start", () => {
    const order: Array<string> = []
    const sleeper = (name: string, millis: number) =>
      Effect.andThen(
        Effect.sleep(millis),
        Effect.sync(() => order.push(name))
      )
    run(
      Effect.all(
        [sleeper("c", 3), sleeper("a", 1), sleeper("b", 2), sleeper("b2", 2), sleeper("a2", 1)],
        { concurrency: "unbounded" }
      )
    )
    expect(order).toEqual(["a", "a2", "b", "b2", "c"])
  })

  it("of equal deadlines, in one step, keeps the order of start in random order too", () => {
    for (let seed = 0; seed < 20; seed++) {
      const world = new World({ seed, order: "random", stepsMax: 1e6, timeMaxNanos: 1e15 })
      const clock = new SimClock(world)
      const order: Array<number> = []
      for (let place = 0; place < 10; place++) {
        Effect.runFork(
          Effect.andThen(
            clock.sleep(Duration.seconds(1)),
            Effect.sync(() => order.push(place))
          )
        )
      }
      world.run(Infinity, Infinity)
      expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    }
  })

  it("of zero or less ends on a later turn", () => {
    const order: Array<string> = []
    run(
      Effect.gen(function* () {
        yield* Effect.forkChild(Effect.sync(() => order.push("forked before")))
        yield* Effect.sleep(0)
        order.push("after zero")
        yield* Effect.forkChild(Effect.sync(() => order.push("forked again")))
        yield* Effect.sleep(-5)
        order.push("after less")
      })
    )
    expect(order).toEqual(["forked before", "after zero", "forked again", "after less"])
  })

  it("without end lasts until it is interrupted", () => {
    const exit = run(
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Effect.sleep(Duration.infinity))
        yield* Effect.sleep("10 days")
        expect(fiber.pollUnsafe()).toBeUndefined()
        yield* Fiber.interrupt(fiber)
        return yield* Fiber.await(fiber)
      })
    )
    expect(Exit.isFailure(exit)).toBe(true)
  })

  it("leaves nothing behind when it is interrupted", () => {
    const program = Effect.andThen(
      Effect.timeoutOption(Effect.sleep("99 days"), "1 second"),
      Effect.never
    )
    const { exit, nanos } = SimBackend.simulate(program, { seed: 1 })
    expect(String(exit)).toContain("Deadlock")
    expect(nanos / 1e9).toBeCloseTo(1, 3)
  })
})

describe("sleeps", () => {
  const sleeps = Effect.map(Backend, ({ clock }) => clock.sleeps())

  it("are listed with their fiber and their end, until they end or are interrupted", () => {
    run(
      Effect.gen(function* () {
        const fork = (duration: Duration.Input) =>
          Effect.forkChild(Effect.sleep(duration), { startImmediately: true })
        const hour = yield* fork("1 hour")
        const second = yield* fork("1 second")
        yield* fork("1 millis")
        yield* fork(Duration.infinity)
        yield* Effect.sleep("500 millis")
        const listed = yield* sleeps
        expect(new Map(listed.map((one) => [one.fiberId, Math.floor(one.endsAtMillis)]))).toEqual(
          new Map([
            [hour.id, 3_600_000],
            [second.id, 1000]
          ])
        )
        yield* Fiber.interrupt(hour)
        yield* Fiber.join(second)
        expect(yield* sleeps).toEqual([])
      })
    )
  })

  it("keep the loop alive, but for one without end", () => {
    const isAlive = EventLoop.EventLoop.use((loop) => loop.isAlive)
    run(
      Effect.gen(function* () {
        const forever = Effect.sleep(Duration.infinity)
        yield* Effect.forkChild(forever, { startImmediately: true })
        expect(yield* isAlive).toBe(false)
        yield* Effect.forkChild(Effect.sleep("1 nanos"), { startImmediately: true })
        expect(yield* isAlive).toBe(true)
      })
    )
  })
})

describe("the time", () => {
  it("starts with 2026 and at 0, and its readings agree", () => {
    const [start, millis, nanos, monotonic] = run(
      Effect.gen(function* () {
        const first = yield* Clock.currentTimeMillis
        yield* Effect.sleep("1500 millis")
        return [
          first,
          yield* Clock.currentTimeMillis,
          yield* Clock.currentTimeNanos,
          yield* Clock.monotonicTimeNanos
        ] as const
      })
    )
    expect(start).toBe(Date.UTC(2026, 0, 1))
    expect(millis).toBe(start + 1500)
    expect(nanos - monotonic).toBe(BigInt(start) * 1_000_000n)
    expect(monotonic).toBeGreaterThanOrEqual(1_500_000_000n)
  })

  it("passes for a program that never waits", () => {
    const spin = Effect.forever(Effect.yieldNow)
    expect(run(taking(Effect.timeoutOption(spin, "1 millis")))).toBeLessThan(1.1)
  })
})

describe("random numbers", () => {
  const draw = Effect.all([Random.nextInt, Random.next, Random.nextBetween(5, 6)])

  it("are the seed's", () => {
    expect(run(draw, 1)).toEqual(run(draw, 1))
    expect(run(draw, 1)).not.toEqual(run(draw, 2))
    expect(run(draw, 1)).toMatchInlineSnapshot(`
      [
        -1597549913471599,
        0.9660894687448884,
        5.223277761401492,
      ]
    `)
  })

  it("are safe integers of both signs, and fractions from 0 to 1", () => {
    const many = run(Effect.all(Array.from({ length: 1000 }, () => draw)))
    for (const [integer, fraction] of many) {
      expect(Number.isSafeInteger(integer)).toBe(true)
      expect(fraction >= 0 && fraction < 1).toBe(true)
    }
    const negative = many.filter(([integer]) => integer < 0).length
    expect(Math.abs(negative - 500)).toBeLessThan(80)
  })
})
