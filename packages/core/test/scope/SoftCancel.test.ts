import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, it } from "vitest"
import * as Deadline from "../../src/Deadline.ts"
import * as SoftCancel from "../../src/SoftCancel.ts"
import { end, endsAfter, fork, run, running } from "./StoppingRegion.ts"

describe("a region", () => {
  it("that nobody asks ends as its body does", () =>
    run(
      Effect.gen(function* () {
        expect(yield* SoftCancel.run(() => Effect.succeed(5))).toBe(5)
        expect(yield* Effect.exit(SoftCancel.run(() => Effect.fail("no")))).toEqual(Exit.fail("no"))
      })
    ))

  it("is seen to be asked, and may finish within its grace", () =>
    run(
      Effect.gen(function* () {
        const { fiber, region } = yield* running(
          Effect.gen(function* () {
            const before = yield* SoftCancel.isRequested
            yield* SoftCancel.awaitRequest
            yield* Effect.sleep(50)
            return [before, yield* SoftCancel.isRequested]
          }),
          { grace: 100 }
        )
        expect(yield* region.isRequested).toBe(false)
        yield* region.request()
        expect(yield* region.isRequested).toBe(true)
        expect(yield* endsAfter(fiber)).toBe(50)
        expect(end(yield* Fiber.join(fiber))).toEqual([false, true])
      })
    ))

  it("is interrupted when the grace is over, and says so", () =>
    run(
      Effect.gen(function* () {
        const { fiber, region } = yield* running(Effect.never, { grace: 100 })
        yield* TestClock.adjust("1 day")
        yield* region.request()
        expect(yield* endsAfter(fiber)).toBe(100)
        expect(end(yield* Fiber.join(fiber))).toBe("grace period")
      })
    ))

  it("has 5 seconds by default", () =>
    run(
      Effect.gen(function* () {
        const { fiber, region } = yield* running(Effect.never)
        yield* region.request()
        yield* TestClock.adjust(4999)
        expect(fiber.pollUnsafe()).toBeUndefined()
        yield* TestClock.adjust(1)
        expect(fiber.pollUnsafe()).toBeDefined()
      })
    ))

  it("with a grace of 0 is interrupted by the request", () =>
    run(
      Effect.gen(function* () {
        const { fiber, region } = yield* running(Effect.never, { grace: 0, name: "now" })
        yield* region.request()
        expect(end(yield* Fiber.join(fiber))).toBe("now")
      })
    ))

  it("asked again, gets less time, never more", () =>
    run(
      Effect.gen(function* () {
        const { fiber, region } = yield* running(Effect.never, { grace: 100 })
        yield* region.request({ grace: 80 })
        yield* TestClock.adjust(10)
        yield* region.request({ grace: 1000 })
        yield* region.request()
        yield* region.request({ grace: 20 })
        yield* region.request({ grace: 30 })
        expect(yield* endsAfter(fiber)).toBe(20)
      })
    ))

  it("shows the end of its grace as the deadline in force", () =>
    run(
      Effect.gen(function* () {
        const seen: Array<unknown> = []
        const look = Effect.map(Deadline.current, ({ name }) => seen.push(name))
        const { region } = yield* running(
          Effect.gen(function* () {
            yield* look
            yield* SoftCancel.awaitRequest
            yield* look
            yield* Deadline.within(look, 50)
            yield* Deadline.within(look, 200)
          }),
          { grace: 100 }
        )
        expect(region.deadline.nanos).toBeUndefined()
        yield* region.request()
        expect(region.deadline.nanos).toBe(100_000_000n)
        expect(seen).toEqual(["never", "grace period", "50ms", "grace period"])
      })
    ))

  it.each([-1, NaN, "2 days", Infinity] as const)(
    "refuses a grace of %s by name",
    async (grace) => {
      const exit = await Effect.runPromiseExit(SoftCancel.run(() => Effect.void, { grace }))
      expect(exit).toMatchObject({ cause: { reasons: [{ _tag: "Die" }] } })
      expect(String(exit)).toContain("A grace must be from 0 to 86400000 milliseconds")
    }
  )
})

describe("interrupting who runs it", () => {
  it("asks it to stop and waits for it", () =>
    run(
      Effect.gen(function* () {
        const seen: Array<string> = []
        const { fiber } = yield* running(
          Effect.gen(function* () {
            yield* SoftCancel.awaitRequest
            yield* Effect.sleep(30)
            seen.push("finished")
          }),
          { grace: 100 }
        )
        const interrupting = yield* Effect.forkChild(Fiber.interrupt(fiber), {
          startImmediately: true
        })
        expect(yield* endsAfter(interrupting)).toBe(30)
        expect(seen).toEqual(["finished"])
      })
    ))

  it("interrupts it when the grace is over", () =>
    run(
      Effect.gen(function* () {
        const { fiber } = yield* running(Effect.never, { grace: 100 })
        const interrupting = yield* Effect.forkChild(Fiber.interrupt(fiber), {
          startImmediately: true
        })
        expect(yield* endsAfter(interrupting)).toBe(100)
      })
    ))

  it("gives it no more than a deadline around it leaves", () =>
    run(
      Effect.gen(function* () {
        const region = SoftCancel.run(() => Effect.never, { grace: 100 })
        const outer = yield* fork(Deadline.within(region, 40))
        yield* TestClock.adjust(10)
        const interrupting = yield* Effect.forkChild(Fiber.interrupt(outer), {
          startImmediately: true
        })
        expect(yield* endsAfter(interrupting)).toBe(30)
        const alone = yield* fork(Deadline.within(region, 40))
        expect(yield* endsAfter(alone)).toBe(40)
      })
    ))
})

describe("untilRequested", () => {
  it("gives what the effect came to", () =>
    run(
      Effect.gen(function* () {
        expect(yield* SoftCancel.untilRequested(Effect.succeed(5))).toEqual(Option.some(5))
        const inside = SoftCancel.run(() => SoftCancel.untilRequested(Effect.succeed(5)))
        expect(yield* inside).toEqual(Option.some(5))
        const failing = SoftCancel.run(() => SoftCancel.untilRequested(Effect.fail("no")))
        expect(yield* Effect.flip(failing)).toBe("no")
      })
    ))

  it("is interrupted by the request, with its finalizers, and gives none", () =>
    run(
      Effect.gen(function* () {
        const seen: Array<string> = []
        const waiting = Effect.onInterrupt(Effect.never, () =>
          Effect.sync(() => seen.push("stopped"))
        )
        const { fiber, region } = yield* running(SoftCancel.untilRequested(waiting))
        yield* region.request()
        expect(end(yield* Fiber.join(fiber))).toEqual(Option.none())
        expect(seen).toEqual(["stopped"])
      })
    ))

  it("after the request runs nothing, and lets others run", () =>
    run(
      Effect.gen(function* () {
        const seen: Array<string> = []
        const { fiber, region } = yield* running(
          Effect.gen(function* () {
            yield* SoftCancel.awaitRequest
            yield* Effect.forkChild(Effect.sync(() => seen.push("other")))
            const stopped = yield* SoftCancel.untilRequested(Effect.sync(() => seen.push("never")))
            seen.push(stopped._tag)
          })
        )
        yield* region.request()
        yield* Fiber.join(fiber)
        expect(seen).toEqual(["other", "None"])
      })
    ))

  it("leaves what is not in it alone", () =>
    run(
      Effect.gen(function* () {
        const { fiber, region } = yield* running(
          Effect.all(
            [SoftCancel.untilRequested(Effect.never), Effect.as(Effect.sleep(50), "work")],
            {
              concurrency: "unbounded"
            }
          ),
          { grace: 100 }
        )
        yield* region.request()
        expect(yield* endsAfter(fiber)).toBe(50)
        expect(end(yield* Fiber.join(fiber))).toEqual([Option.none(), "work"])
      })
    ))
})

describe("outside, and afterwards", () => {
  it("nobody is asked outside of a region", () =>
    run(
      Effect.gen(function* () {
        expect(yield* SoftCancel.isRequested).toBe(false)
        const fiber = yield* fork(SoftCancel.awaitRequest)
        yield* TestClock.adjust("1 day")
        expect(fiber.pollUnsafe()).toBeUndefined()
      })
    ))

  it("a fiber that outlives the region has been asked", () =>
    run(
      Effect.gen(function* () {
        const gate = yield* Deferred.make<void>()
        const survivor = yield* SoftCancel.run(() =>
          Effect.forkDetach(Effect.andThen(SoftCancel.awaitRequest, SoftCancel.isRequested), {
            startImmediately: true
          })
        )
        yield* Deferred.succeed(gate, undefined)
        expect(yield* Fiber.join(survivor)).toBe(true)
      })
    ))

  it("a request to a region that has ended does nothing", () =>
    run(
      Effect.gen(function* () {
        const { fiber, region } = yield* running(Effect.succeed("done"), { grace: 0 })
        expect(end(yield* Fiber.join(fiber))).toBe("done")
        yield* region.request()
        expect(yield* region.isRequested).toBe(true)
      })
    ))

  it("what is shielded from the request is not asked", () =>
    run(
      Effect.gen(function* () {
        const seen: Array<unknown> = []
        const cleanup = Effect.gen(function* () {
          seen.push(yield* SoftCancel.isRequested)
          seen.push(yield* SoftCancel.untilRequested(Effect.as(Effect.sleep(30), "cleaned")))
        })
        const { fiber, region } = yield* running(
          Effect.onInterrupt(Effect.never, () =>
            Effect.ignore(Deadline.shielded(cleanup, "1 second"))
          ),
          { grace: 100 }
        )
        yield* region.request()
        expect(yield* endsAfter(fiber)).toBe(130)
        expect(seen).toEqual([false, Option.some("cleaned")])
      })
    ))
})
