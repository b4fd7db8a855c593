import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { expect, it } from "vitest"
import * as Deadline from "../../src/Deadline.ts"
import type { DeadlineExceeded } from "../../src/DeadlineExceeded.ts"
import type { MovableDeadline } from "../../src/MovableDeadline.ts"
import { ManualClock } from "../scripted/ManualClock.ts"

const run = <A, E>(program: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(Effect.provide(program, TestClock.layer()))

const fork = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.forkChild(Effect.exit(effect), { startImmediately: true })

/** Milliseconds, to one, until an effect that never ends is cut by `deadline`. */
const cutAfter = (deadline: MovableDeadline, fiber: Fiber.Fiber<unknown>) =>
  Effect.gen(function* () {
    for (let millis = 1; millis < 1000; millis++) {
      yield* TestClock.adjust(1)
      if (fiber.pollUnsafe() !== undefined) return millis
    }
    throw new Error(`Not cut: ${deadline.name}`)
  })

it.each([
  ["later", 30, 30],
  ["earlier", 15, 15],
  ["to where it is", 10, 10]
])("moved %s, it ends what runs under it then, once", (_, to, expected) =>
  run(
    Effect.gen(function* () {
      const deadline = yield* Deadline.movable(20)
      const fiber = yield* fork(Deadline.within(Effect.never, deadline))
      yield* TestClock.adjust(5)
      yield* deadline.move(to - 5)
      expect(yield* cutAfter(deadline, fiber)).toBe(expected - 5)
      expect(yield* deadline.isExpired).toBe(true)
    })
  )
)

it("moved again and again, it counts from the last move", () =>
  run(
    Effect.gen(function* () {
      const deadline = yield* Deadline.movable(10)
      const fiber = yield* fork(Deadline.within(Effect.never, deadline))
      for (let message = 0; message < 20; message++) {
        yield* TestClock.adjust(9)
        yield* deadline.move(10)
      }
      expect(fiber.pollUnsafe()).toBeUndefined()
      expect(yield* cutAfter(deadline, fiber)).toBe(10)
    })
  ))

it("moved into the past, it has come, and ends all that runs under it", () =>
  run(
    Effect.gen(function* () {
      const deadline = yield* Deadline.movable("1 hour")
      const fibers = yield* Effect.forEach([1, 2], () =>
        fork(Deadline.within(Effect.never, deadline))
      )
      yield* deadline.move(-1)
      expect(yield* deadline.isExpired).toBe(true)
      yield* Fiber.joinAll(fibers)
    })
  ))

it("moved when it has come, it says so and stays", () =>
  run(
    Effect.gen(function* () {
      const deadline = yield* Deadline.movable(5, { name: "idle" })
      yield* TestClock.adjust(5)
      const error: DeadlineExceeded = yield* Effect.flip(deadline.move("1 hour"))
      expect(error.deadline).toBe(deadline)
      expect(error.message).toBe("Deadline exceeded: idle")
      expect(yield* Deadline.remaining(deadline)).toEqual(Duration.zero)
      yield* Effect.flip(Deadline.within(Effect.never, deadline))
    })
  ))

it("from infinite and back to it", () =>
  run(
    Effect.gen(function* () {
      const deadline = yield* Deadline.movable(Deadline.infinite)
      const fiber = yield* fork(Deadline.within(Effect.never, deadline))
      yield* TestClock.adjust("1 day")
      yield* deadline.move(10)
      yield* TestClock.adjust(5)
      yield* deadline.move(Deadline.infinite)
      yield* TestClock.adjust("1 day")
      expect(fiber.pollUnsafe()).toBeUndefined()
      yield* deadline.move(10)
      expect(yield* cutAfter(deadline, fiber)).toBe(10)
    })
  ))

it("a deadline that nothing runs under has no timer, and can be moved", async () => {
  const clock = new ManualClock()
  const onClock = Effect.provideService(Clock.Clock, clock)
  const deadline = await Effect.runPromise(onClock(Deadline.movable(10)))
  expect(clock.pending).toBe(0)
  const gate = Deferred.makeUnsafe<void>()
  const fiber = Effect.runFork(onClock(Deadline.within(Deferred.await(gate), deadline)))
  expect(clock.pending).toBe(1)
  Deferred.doneUnsafe(gate, Exit.void)
  expect(fiber.pollUnsafe()).toEqual(Exit.void)
  expect(clock.pending).toBe(0)
  await Effect.runPromise(onClock(deadline.move(-1)))
  await Effect.runPromise(onClock(deadline.isExpired)).then((is) => expect(is).toBe(true))
})

it("moving to a later moment starts no new sleep", async () => {
  const clock = new ManualClock()
  const onClock = Effect.provideService(Clock.Clock, clock)
  let sleeps = 0
  const sleep = clock.sleep.bind(clock)
  clock.sleep = (duration) => {
    sleeps++
    return sleep(duration)
  }
  const deadline = await Effect.runPromise(onClock(Deadline.movable(10)))
  const running = Effect.runFork(onClock(Deadline.within(Effect.never, deadline)))
  for (let message = 0; message < 100; message++) {
    clock.advance("10 micros")
    deadline.moveUnsafe(clock.monotonicTimeNanosUnsafe() + 10_000_000n, clock)
  }
  expect(sleeps).toBe(1)
  deadline.moveUnsafe(clock.monotonicTimeNanosUnsafe() + 1_000_000n, clock)
  expect(sleeps).toBe(2)
  running.interruptUnsafe()
  expect(clock.pending).toBe(0)
})

it("a clock that wakes sleeps early makes it no earlier", async () => {
  const clock = new ManualClock()
  clock.earlyNanos = 900_000n
  const onClock = Effect.provideService(Clock.Clock, clock)
  const running = Effect.runFork(onClock(Effect.exit(Deadline.within(Effect.never, "10 millis"))))
  clock.advance("9.2 millis")
  clock.advance("0.5 millis")
  await Effect.runPromise(Effect.yieldNow)
  expect(running.pollUnsafe()).toBeUndefined()
  clock.advance("0.3 millis")
  await Effect.runPromise(Fiber.join(running))
})

it("who sleeps until it follows its moves", () =>
  run(
    Effect.gen(function* () {
      const deadline = yield* Deadline.movable(10)
      const fiber = yield* fork(Deadline.sleepUntil(deadline))
      yield* TestClock.adjust(5)
      yield* deadline.move(20)
      yield* TestClock.adjust(19)
      expect(fiber.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust(1)
      yield* Fiber.join(fiber)
    })
  ))

it("moved earlier around a nested one, it is the one in force", () =>
  run(
    Effect.gen(function* () {
      const outer = yield* Deadline.movable("1 hour", { name: "outer" })
      const seen: Array<string | undefined> = []
      const look = Effect.map(Deadline.current, ({ name }) => seen.push(name))
      const gate = yield* Deferred.make<void>()
      const body = Effect.gen(function* () {
        yield* look
        yield* Deferred.await(gate)
        yield* look
        return yield* Effect.never
      })
      const fiber = yield* fork(
        body.pipe(Deadline.within("1 minute"), Effect.ignore, Deadline.within(outer))
      )
      yield* outer.move("1 second")
      yield* Deferred.succeed(gate, undefined)
      yield* TestClock.adjust("1 second")
      expect(seen).toEqual(["1m", "outer"])
      const exit = yield* Fiber.join(fiber)
      expect(Exit.isFailure(exit)).toBe(true)
    })
  ))
