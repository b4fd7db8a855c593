/** Laws of repeating timers. TIME. */
import { Deadline, Interval } from "@portico/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { equals, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { settle } from "../Turns.ts"

const millis = 1_000_000n
const period = "8 millis"
const periodNanos = 8n * millis

/** When the tick came, by its own account. */
const cameAt = (tick: Interval.Tick): bigint => tick.due + Duration.toNanosUnsafe(tick.late)

/** An interval whose first tick was due `millisAgo` ago, and that has missed those since. */
const behind = (missed: Interval.MissedTicks, millisAgo: bigint) =>
  Effect.flatMap(Clock.monotonicTimeNanos, (now) =>
    Interval.make(period, { missed, start: Deadline.at(now - millisAgo * millis) })
  )

export const IntervalLaws = lawGroup("Intervals", [
  law("TIME-20", "ticks come at multiples of the period, never early", function* () {
    const began = yield* Clock.monotonicTimeNanos
    const interval = yield* Interval.make(period, { missed: "burst", start: Deadline.at(began) })
    for (let index = 0; index < 5; index++) {
      const tick = yield* interval.tick
      const now = yield* Clock.monotonicTimeNanos
      yield* equals(tick.index, index, "index")
      yield* equals(tick.due, began + BigInt(index) * periodNanos, "due")
      yield* isTrue(now >= tick.due, `Tick ${index} came ${tick.due - now} ns early`)
      yield* isTrue(tick.late !== undefined && cameAt(tick) <= now, "It says when it came")
    }
  }),

  law("TIME-11", "an interval that falls behind bursts, delays or skips, as asked", function* () {
    const burst = yield* behind("burst", 20n)
    let tick = yield* burst.tick
    yield* isTrue(tick.missed >= 2, `20 ms are ${tick.missed} periods of 8 ms`)
    while (tick.missed > 0) {
      const next = yield* burst.tick
      yield* equals(next.due, tick.due + periodNanos, "due in a burst")
      yield* isTrue(next.index === tick.index + 1, "None is left out")
      tick = next
    }
    const delay = yield* behind("delay", 20n)
    const late = yield* delay.tick
    const afterDelay = yield* delay.tick
    yield* equals(afterDelay.due, cameAt(late) + periodNanos, "due after a delay")
    const skip = yield* behind("skip", 20n)
    const first = yield* skip.tick
    const ahead = yield* skip.tick
    yield* equals((ahead.due - first.due) % periodNanos, 0n, "off the schedule")
    const gap = ahead.due - cameAt(first)
    yield* isTrue(gap > 0n && gap <= periodNanos, `The next multiple is not ${gap} ns ahead`)
  }),

  law("TIME-23", "a reset moves the tick that is waited for, and takes effect once", function* () {
    const interval = yield* Interval.make("1 hour", { start: "1 hour" })
    const fiber = yield* Effect.forkChild(interval.tick, { startImmediately: true })
    yield* interval.reset("2 hours")
    yield* settle
    yield* isTrue(fiber.pollUnsafe() === undefined, "It came at once")
    const began = yield* Clock.monotonicTimeNanos
    yield* interval.reset("2 millis")
    const tick = yield* Fiber.join(fiber)
    const now = yield* Clock.monotonicTimeNanos
    yield* isTrue(now - began >= 2n * millis, `It came after ${now - began} ns`)
    yield* equals(tick.index, 0, "index")
    const next = yield* Effect.forkChild(interval.tick, { startImmediately: true })
    yield* settle
    yield* isTrue(next.pollUnsafe() === undefined, "It came twice")
    yield* Fiber.interrupt(next)
  }),

  law("TIME-24", "an interrupted wait takes no tick", function* () {
    const interval = yield* Interval.make("1 hour", { start: "1 hour" })
    const fiber = yield* Effect.forkChild(interval.tick, { startImmediately: true })
    yield* Fiber.interrupt(fiber)
    yield* interval.reset(0)
    yield* equals((yield* interval.tick).index, 0, "index")
  })
])
