/** Laws of capacity limiters, conditions and barriers between fibers. */
import { Barrier, CapacityLimiter, Condition } from "@portico/core/sync"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import { equals, equalsAll } from "../Expectation.ts"
import { lawGroup } from "../Law.ts"
import { joinAll, refuses, start, syncLaw } from "../SyncLaw.ts"

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

export const LimiterLaws = lawGroup("Limiters, conditions and barriers", [
  syncLaw("SYNC-50", "a token goes to who waits longest, and nobody overtakes", function* () {
    const limiter = yield* CapacityLimiter.make({ tokensMax: 1 })
    const order: Array<number> = []
    const gate = yield* Latch.make()
    yield* limiter.acquire
    const fibers = yield* Effect.forEach(numbers(5), (number) =>
      start(
        limiter.withToken(
          Effect.andThen(
            Effect.sync(() => void order.push(number)),
            gate.await
          )
        )
      )
    )
    yield* limiter.release
    yield* equals(yield* limiter.tryAcquire, false, "taken by who came last")
    yield* gate.open
    yield* joinAll(fibers)
    yield* equalsAll(order, numbers(5), "order")
    yield* refuses("NotOwner", limiter.release)
  }),

  syncLaw("SYNC-51", "more tokens are handed out at once, and fewer take none away", function* () {
    const limiter = yield* CapacityLimiter.make({ tokensMax: 1 })
    const fibers = yield* Effect.forEach(numbers(4), () => start(limiter.withToken(Effect.never)))
    const holders = Effect.map(limiter.snapshot, (snapshot) => snapshot.holders.length)
    yield* limiter.resize(3)
    yield* equals(yield* holders, 3, "holders of three")
    yield* limiter.resize(1)
    yield* equals(yield* holders, 3, "holders of one that were there before")
    yield* Fiber.interrupt(fibers[0]!)
    yield* Fiber.interrupt(fibers[1]!)
    yield* equals(yield* holders, 1, "holders of one")
    yield* equals((yield* limiter.snapshot).waiting.length, 1, "waiting")
    yield* Fiber.interrupt(fibers[2]!)
    const { holders: last, waiting } = yield* limiter.snapshot
    yield* equalsAll(last, [fibers[3]!.id], "who has the token")
    yield* equals(waiting.length, 0, "waiting")
    yield* refuses("InvalidArgument", limiter.resize(0))
  }),

  syncLaw(
    "SYNC-52",
    "whoever has a token gets no second one, and interruption loses none",
    function* () {
      const limiter = yield* CapacityLimiter.make({ tokensMax: 2, waitersMax: 1 })
      yield* limiter.withToken(refuses("AlreadyOwner", limiter.withToken(Effect.void)))
      for (const steps of numbers(10)) {
        const holding = yield* Effect.forEach([0, 1], () => start(limiter.withToken(Effect.never)))
        const waiting = yield* start(limiter.withToken(Effect.yieldNow))
        yield* refuses("TooManyWaiters", limiter.withToken(Effect.void))
        yield* Fiber.interrupt(holding[0]!)
        for (const _ of numbers(steps)) yield* Effect.yieldNow
        yield* Fiber.interrupt(waiting)
        yield* Fiber.interrupt(holding[1]!)
        yield* equals((yield* limiter.snapshot).holders.length, 0, "tokens in use")
      }
    }
  ),

  syncLaw(
    "SYNC-53",
    "a condition of fibers wakes in the order of waiting, with the lock",
    function* () {
      const condition = yield* Condition.make()
      const order: Array<number> = []
      const wait = (number: number) =>
        condition.withLock(
          Effect.andThen(
            condition.await,
            Effect.sync(() => void order.push(number))
          )
        )
      const fibers = yield* Effect.forEach(numbers(4), (number) => start(wait(number)))
      yield* refuses("NotOwner", condition.notify())
      yield* refuses("NotOwner", condition.await)
      yield* condition.withLock(refuses("AlreadyOwner", condition.withLock(Effect.void)))
      yield* equals(yield* condition.withLock(condition.notify(1)), 1, "notified")
      yield* Fiber.join(fibers[0]!)
      yield* equals(yield* condition.withLock(condition.notifyAll), 3, "notified")
      yield* joinAll(fibers)
      yield* equalsAll(order, numbers(4), "order")
    }
  ),

  syncLaw(
    "SYNC-54",
    "who is interrupted as he is notified leaves that to the next one",
    function* () {
      const condition = yield* Condition.make()
      for (const steps of numbers(8)) {
        const wait = condition.withLock(condition.await)
        const [first, second] = [yield* start(wait), yield* start(wait)]
        yield* condition.withLock(condition.notify(1))
        for (const _ of numbers(steps)) yield* Effect.yieldNow
        yield* Fiber.interrupt(first)
        // Either the first one had it to the end, or the second one has it.
        if ((yield* Fiber.await(first))._tag === "Success") {
          yield* condition.withLock(condition.notify(1))
        }
        yield* Fiber.join(second)
      }
      yield* condition.withLock(Effect.void)
    }
  ),

  syncLaw("SYNC-55", "a barrier of fibers holds all until the last, again and again", function* () {
    const barrier = yield* Barrier.make(3)
    yield* Fiber.interrupt(yield* start(barrier.arrive))
    for (const _ of numbers(3)) {
      const early = [yield* start(barrier.arrive), yield* start(barrier.arrive)]
      yield* equals(yield* barrier.waiting, 2, "waiting")
      yield* equals(yield* barrier.arrive, true, "last")
      yield* equalsAll(yield* joinAll(early), [false, false], "last")
    }
    yield* refuses("InvalidArgument", Barrier.make(0))
  })
])
