/** Laws of the program's clock: what `Effect.sleep` promises on every backend. TIME. */
import { Backend, Deadline, Interval } from "@portico/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { letsOthersRun, takesAtLeast } from "../Elapsed.ts"
import { equals, equalsAll, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { nextTurn, settle } from "../Turns.ts"

const forkNow = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.forkChild(effect, { startImmediately: true })

const sleeps = Effect.map(Backend.Backend, ({ clock }) => clock.sleeps().length)

export const TimeLaws = lawGroup("Sleeping", [
  law("TIME-01", "a sleep never ends early by the monotonic clock", function* () {
    const lengths = [0.3, 1, 1.5, 1.9, 2, 3.7, 5, 10.3].flatMap((millis) => [
      millis,
      millis,
      millis
    ])
    const naps = lengths.map((millis) =>
      takesAtLeast(millis, `A sleep of ${millis} ms`, Effect.sleep(millis))
    )
    // Each starts at another place within the host's millisecond.
    const scattered = naps.map((nap, n) => Effect.andThen(Effect.sleep(n * 0.13), nap))
    yield* Effect.all(scattered, { concurrency: "unbounded", discard: true })
  }),

  law("TIME-02", "a sleep of no length ends on a later turn, not at once", function* () {
    let ended = 0
    const nap = Effect.andThen(
      Effect.sleep(0),
      Effect.sync(() => ended++)
    )
    const fiber = yield* forkNow(nap)
    const atOnce = ended
    yield* Fiber.join(fiber)
    yield* equals(atOnce, 0, "ended within the call")
    yield* equals(ended, 1, "ended")
  }),

  law("TIME-03", "sleeps of one length end in the order in which they began", function* () {
    const order: Array<number> = []
    const numbers = Array.from({ length: 100 }, (_, n) => n)
    const fibers = yield* Effect.forEach(numbers, (n) =>
      forkNow(
        Effect.andThen(
          Effect.sleep("3 millis"),
          Effect.sync(() => order.push(n))
        )
      )
    )
    yield* Fiber.joinAll(fibers)
    yield* equalsAll(order, numbers, "order")
  }),

  law("TIME-05", "a sleep of more than 2^31 ms does not end at once", function* () {
    const fibers = yield* Effect.forEach([2 ** 31, 2 ** 31 + 1, 2 ** 32 + 1, 2 ** 53], (millis) =>
      forkNow(Effect.sleep(millis))
    )
    yield* settle
    const ended = fibers.filter((fiber) => fiber.pollUnsafe() !== undefined).length
    yield* equals(ended, 0, "ended")
    yield* Fiber.interruptAll(fibers)
  }),

  law("TIME-06", "a sleep without end lasts until it is interrupted", function* () {
    const waits = [Effect.sleep(Duration.infinity), Deadline.sleepUntil(Deadline.infinite)]
    const fibers = yield* Effect.forEach(waits, forkNow)
    yield* settle
    yield* isTrue(
      fibers.every((fiber) => fiber.pollUnsafe() === undefined),
      "It ended"
    )
    yield* Fiber.interruptAll(fibers)
    const exits = yield* Fiber.awaitAll(fibers)
    yield* isTrue(exits.every(Exit.hasInterrupts), "It should be interrupted")
  }),

  law("TIME-07", "what is due already still lets others run once", function* () {
    const past = Deadline.at(-1n)
    const interval = yield* Interval.make("1 hour")
    yield* letsOthersRun("A sleep of 0", Effect.sleep(0))
    yield* letsOthersRun("A sleep of less", Effect.sleep(-5))
    yield* letsOthersRun("A deadline in the past", Deadline.sleepUntil(past))
    yield* letsOthersRun("A tick that is due", interval.tick)
    yield* letsOthersRun("A run under it", Effect.ignore(Deadline.within(Effect.never, past)))
  }),

  law("TIME-10", "a sleep that is interrupted ends at once and leaves no timer", function* () {
    // The bound of the law begins to sleep after the law's first step.
    yield* nextTurn
    const before = yield* sleeps
    const fibers = yield* Effect.forEach(Array.from({ length: 100 }), () =>
      forkNow(Effect.sleep("1 hour"))
    )
    yield* equals(yield* sleeps, before + 100, "sleeps under way")
    yield* Fiber.interruptAll(fibers)
    yield* equals(yield* sleeps, before, "sleeps left")
  })
])
