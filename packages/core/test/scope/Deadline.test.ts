import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, it } from "vitest"
import * as Deadline from "../../src/Deadline.ts"
import { DeadlineExceeded } from "../../src/DeadlineExceeded.ts"
import { ManualClock } from "../scripted/ManualClock.ts"

const run = <A, E>(program: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(Effect.provide(program, TestClock.layer()))

const fork = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.forkChild(Effect.exit(effect), { startImmediately: true })

const isLate = (exit: Exit.Exit<unknown, unknown>, deadline: Deadline.Deadline): void => {
  const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : exit.value
  expect(error).toBeInstanceOf(DeadlineExceeded)
  expect((error as DeadlineExceeded).deadline).toBe(deadline)
}

const millis = 1_000_000n

describe("a deadline", () => {
  it("counts from now, and tells what is left", () =>
    run(
      Effect.gen(function* () {
        yield* TestClock.adjust("1 second")
        const deadline = yield* Deadline.after("5 seconds")
        expect(deadline.nanos).toBe(6_000n * millis)
        expect(deadline.name).toBe("5s")
        yield* TestClock.adjust("2 seconds")
        expect(Duration.toMillis(yield* Deadline.remaining(deadline))).toBe(3000)
        expect(yield* Deadline.hasPassed(deadline)).toBe(false)
        yield* TestClock.adjust("3 seconds")
        expect(Duration.toMillis(yield* Deadline.remaining(deadline))).toBe(0)
        expect(yield* Deadline.hasPassed(deadline)).toBe(true)
      })
    ))

  it.each([Infinity, "Infinity", Duration.infinity] as const)("of %s never comes", (duration) =>
    run(
      Effect.gen(function* () {
        const deadline = yield* Deadline.after(duration)
        expect(deadline.nanos).toBeUndefined()
        expect(yield* Deadline.remaining(deadline)).toEqual(Duration.infinity)
        expect(yield* Deadline.hasPassed(deadline)).toBe(false)
      })
    )
  )

  it.each([-1, -Infinity, 0])("of %d has passed already", (duration) =>
    run(
      Effect.gen(function* () {
        const deadline = yield* Deadline.after(duration)
        expect(yield* Deadline.hasPassed(deadline)).toBe(true)
      })
    )
  )

  it("of what is no duration is a defect that names it", async () => {
    const exit = await Effect.runPromiseExit(Deadline.after(NaN))
    expect(exit).toMatchObject({ cause: { reasons: [{ _tag: "Die" }] } })
    expect(String(exit)).toContain("A deadline must be a duration: NaN")
  })

  it("compares: the earlier one, the first of equals, infinite last", () => {
    const [early, late] = [Deadline.at(1n), Deadline.at(2n)]
    expect(Deadline.min(early, late)).toBe(early)
    expect(Deadline.min(late, early)).toBe(early)
    const equal = Deadline.at(1n)
    expect(Deadline.min(early, equal)).toBe(early)
    expect(Deadline.min(Deadline.infinite, late)).toBe(late)
    expect(Deadline.min(late, Deadline.infinite)).toBe(late)
  })

  it("is named by the error", () => {
    const message = (deadline: Deadline.Deadline) => new DeadlineExceeded({ deadline }).message
    expect(message(Deadline.at(5n, { name: "request" }))).toBe("Deadline exceeded: request")
    expect(message(Deadline.at(5n))).toBe("Deadline exceeded: at 5 ns")
  })
})

describe("within", () => {
  it("gives the value, and leaves no timer", () =>
    run(
      Effect.gen(function* () {
        const fiber = yield* fork(Deadline.within(Effect.as(Effect.sleep(10), "value"), 20))
        yield* TestClock.adjust(10)
        expect(yield* Fiber.join(fiber)).toEqual(Exit.succeed("value"))
      })
    ))

  it("interrupts at the deadline, not before, and waits for finalizers", () =>
    run(
      Effect.gen(function* () {
        const seen: Array<string> = []
        const cleanup = Effect.andThen(
          Effect.sleep(5),
          Effect.sync(() => seen.push("cleaned"))
        )
        const deadline = yield* Deadline.after(20)
        const fiber = yield* fork(
          Deadline.within(
            Effect.onInterrupt(Effect.never, () => cleanup),
            deadline
          )
        )
        yield* TestClock.adjust(19)
        expect(fiber.pollUnsafe()).toBeUndefined()
        yield* TestClock.adjust(1)
        expect(fiber.pollUnsafe()).toBeUndefined()
        yield* TestClock.adjust(5)
        expect(seen).toEqual(["cleaned"])
        isLate(yield* Fiber.join(fiber), deadline)
      })
    ))

  it("gives the failure of the effect, also one that came of the interruption", () =>
    run(
      Effect.gen(function* () {
        expect(yield* Effect.exit(Deadline.within(Effect.fail("no"), 5))).toEqual(Exit.fail("no"))
        const dying = Effect.onInterrupt(Effect.never, () => Effect.die("in cleanup"))
        const fiber = yield* fork(Deadline.within(dying, 5))
        yield* TestClock.adjust(5)
        const exit = yield* Fiber.join(fiber)
        expect(Exit.isFailure(exit) && exit.cause.reasons.map(({ _tag }) => _tag)).toEqual(["Die"])
      })
    ))

  it("starts what is late already: it may give a value, and is cut where it waits", () =>
    run(
      Effect.gen(function* () {
        expect(yield* Deadline.within(Effect.succeed("there"), 0)).toBe("there")
        const past = Deadline.at(-5n)
        let begun = 0
        const waits = Effect.andThen(
          Effect.sync(() => begun++),
          Effect.never
        )
        isLate(yield* Effect.exit(Deadline.within(waits, past)), past)
        expect(begun).toBe(1)
      })
    ))

  it("waits for an effect that cannot be interrupted", () =>
    run(
      Effect.gen(function* () {
        const deadline = yield* Deadline.after(5)
        const fiber = yield* fork(
          Deadline.within(Effect.uninterruptible(Effect.sleep(30)), deadline)
        )
        yield* TestClock.adjust(29)
        expect(fiber.pollUnsafe()).toBeUndefined()
        yield* TestClock.adjust(1)
        isLate(yield* Fiber.join(fiber), deadline)
      })
    ))

  it("ends with its caller, after what runs inside", () =>
    run(
      Effect.gen(function* () {
        const gate = yield* Deferred.make<void>()
        const inside = Effect.onInterrupt(Effect.never, () => Deferred.await(gate))
        const fiber = yield* Effect.forkChild(Deadline.within(inside, "1 hour"), {
          startImmediately: true
        })
        const interrupting = yield* Effect.forkChild(Fiber.interrupt(fiber), {
          startImmediately: true
        })
        yield* Effect.yieldNow
        expect(fiber.pollUnsafe()).toBeUndefined()
        yield* Deferred.succeed(gate, undefined)
        yield* Fiber.join(interrupting)
        expect(Exit.hasInterrupts(fiber.pollUnsafe()!)).toBe(true)
      })
    ))

  it("reaches what runs in an uninterruptible region", () =>
    run(
      Effect.gen(function* () {
        const deadline = yield* Deadline.after(5)
        const fiber = yield* fork(Effect.uninterruptible(Deadline.within(Effect.never, deadline)))
        yield* TestClock.adjust(5)
        isLate(yield* Fiber.join(fiber), deadline)
      })
    ))

  it("lets what completes in the same turn make it, though its timer came first", async () => {
    const clock = new ManualClock()
    const onClock = Effect.provideService(Clock.Clock, clock)
    const done = Deferred.makeUnsafe<string>()
    const running = Effect.runPromise(onClock(Deadline.within(Deferred.await(done), 10)))
    const completing = Effect.andThen(Effect.sleep(11), Deferred.succeed(done, "made it"))
    Effect.runFork(onClock(completing))
    clock.advance(11)
    expect(await running).toBe("made it")
    expect(clock.pending).toBe(0)
  })
})

describe("nested deadlines", () => {
  const nested = (outer: number, inner: number) =>
    Effect.gen(function* () {
      const outside = yield* Deadline.after(outer, { name: "outer" })
      const inside = yield* Deadline.after(inner, { name: "inner" })
      let current: Deadline.Deadline | undefined
      const body = Effect.flatMap(Deadline.current, (deadline) => {
        current = deadline
        return Effect.never
      })
      const caught: Array<string> = []
      const fiber = yield* fork(
        body.pipe(
          Deadline.within(inside),
          Effect.catchTag("DeadlineExceeded", (error) =>
            Effect.sync(() => caught.push(error.deadline.name!))
          ),
          Deadline.within(outside)
        )
      )
      yield* TestClock.adjust(Math.max(outer, inner))
      return { caught, current, exit: yield* Fiber.join(fiber), inside, outside }
    })

  it("the outer one, if it is earlier, is in force, ends both and is credited", () =>
    run(
      Effect.gen(function* () {
        const { caught, current, exit, outside } = yield* nested(10, 20)
        expect(current).toBe(outside)
        expect(caught).toEqual([])
        isLate(exit, outside)
      })
    ))

  it("of equal ones the outer one is", () =>
    run(
      Effect.gen(function* () {
        const { caught, current, exit, outside } = yield* nested(10, 10)
        expect(current).toBe(outside)
        expect(caught).toEqual([])
        isLate(exit, outside)
      })
    ))

  it("an earlier inner one ends itself alone", () =>
    run(
      Effect.gen(function* () {
        const { caught, current, exit, inside } = yield* nested(20, 10)
        expect(current).toBe(inside)
        expect(caught).toEqual(["inner"])
        expect(Exit.isSuccess(exit)).toBe(true)
      })
    ))

  it("children inherit it; who outlives the region is rid of it", () =>
    run(
      Effect.gen(function* () {
        const deadline = yield* Deadline.after("1 second")
        const gate = yield* Deferred.make<void>()
        const after = Effect.andThen(Deferred.await(gate), Deadline.current)
        const [child, survivor] = yield* Deadline.within(
          Effect.gen(function* () {
            const inherited = yield* Effect.forkChild(Deadline.current)
            return [yield* Fiber.join(inherited), yield* Effect.forkDetach(after)] as const
          }),
          deadline
        )
        expect(child).toBe(deadline)
        expect(yield* Deadline.current).toBe(Deadline.infinite)
        yield* Deferred.succeed(gate, undefined)
        expect(yield* Fiber.join(survivor)).toBe(Deadline.infinite)
      })
    ))
})

describe("shielded", () => {
  it("cleanup has its own deadline, though the one around it has passed", () =>
    run(
      Effect.gen(function* () {
        const seen: Array<unknown> = []
        const own = Deadline.at(25n * millis)
        const cleanup = Effect.gen(function* () {
          seen.push(yield* Deadline.current)
          const exit = yield* Effect.exit(
            Deadline.shielded(
              Effect.andThen(
                Deadline.current.pipe(Effect.map((deadline) => seen.push(deadline))),
                Effect.never
              ),
              own
            )
          )
          isLate(exit, own)
          seen.push("cleaned")
        })
        const deadline = yield* Deadline.after(10)
        const fiber = yield* fork(
          Deadline.within(
            Effect.onInterrupt(Effect.never, () => cleanup),
            deadline
          )
        )
        yield* TestClock.adjust(24)
        expect(seen).toEqual([deadline, own])
        yield* TestClock.adjust(1)
        expect(seen).toEqual([deadline, own, "cleaned"])
        isLate(yield* Fiber.join(fiber), deadline)
      })
    ))

  it("is not interrupted from outside", () =>
    run(
      Effect.gen(function* () {
        const fiber = yield* fork(Deadline.shielded(Effect.as(Effect.sleep(5), "done"), 10))
        const interrupting = yield* Effect.forkChild(Fiber.interrupt(fiber), {
          startImmediately: true
        })
        yield* TestClock.adjust(4)
        expect(fiber.pollUnsafe()).toBeUndefined()
        yield* TestClock.adjust(1)
        yield* Fiber.join(interrupting)
      })
    ))
})

describe("sleepUntil", () => {
  it("waits until the deadline, and lets others run when it has passed", () =>
    run(
      Effect.gen(function* () {
        const order: Array<string> = []
        const deadline = yield* Deadline.after(10)
        yield* Effect.forkChild(Effect.sync(() => order.push("other")))
        yield* Deadline.sleepUntil(Deadline.at(-1n))
        order.push("woke")
        expect(order).toEqual(["other", "woke"])
        const fiber = yield* fork(Deadline.sleepUntil(deadline))
        yield* TestClock.adjust(9)
        expect(fiber.pollUnsafe()).toBeUndefined()
        yield* TestClock.adjust(1)
        yield* Fiber.join(fiber)
      })
    ))

  it("is never early on a clock that counts in milliseconds", () =>
    run(
      Effect.gen(function* () {
        yield* TestClock.setTime(1.7e12)
        const fiber = yield* fork(Deadline.sleepUntil(Deadline.at(1_700_000_000_000_000_100n)))
        yield* TestClock.adjust(1)
        yield* Fiber.join(fiber)
      })
    ))
})
