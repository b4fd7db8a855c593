/** Laws of the time that the loop tells. */
import { Backend, EventLoop } from "@portico/core"
import * as Effect from "effect/Effect"
import { equals, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { eventually, nextTurn } from "../Turns.ts"

const nanosPerMilli = 1_000_000
/** Of a time in milliseconds, which is a fraction. */
const roundingMillis = 0.001

export const NowLaws = lawGroup("Loop time", [
  law("LOOP-16", "the cached time never goes backwards, and moves when refreshed", function* () {
    const { now, refresh } = yield* EventLoop.EventLoop
    let last = yield* now
    for (let look = 0; look < 60; look++) {
      const next = yield* look % 3 === 0 ? refresh : now
      yield* isTrue(next >= last, `It was ${last}, then ${next}`)
      last = next
      yield* look % 2 === 0 ? nextTurn : Effect.yieldNow
    }
    yield* eventually(
      "a refresh moves it",
      Effect.map(refresh, (next) => next > last)
    )
    yield* isTrue((yield* now) > last, "What was refreshed should stay")
  }),

  law("NOW-01", "the cached time stands still until somebody looks at the clock", function* () {
    const { loop, scheduler } = yield* Backend.Backend
    // Within one step: as long as it takes a host's clock to move.
    const [before, after] = yield* Effect.sync(() => {
      const cached = scheduler.turnMillis
      const began = loop.nowNanos()
      for (let look = 0; look < 10_000 && loop.nowNanos() === began; look++);
      return [cached, scheduler.turnMillis]
    })
    yield* equals(after, before, "cached time")
  }),

  law("NOW-02", "nanoseconds are of the same clock", function* () {
    const { nowNanos, refresh } = yield* EventLoop.EventLoop
    for (let look = 0; look < 20; look++) {
      const before = yield* refresh
      const millis = Number(yield* nowNanos) / nanosPerMilli
      const after = yield* refresh
      const isBetween = before - roundingMillis <= millis && millis <= after + roundingMillis
      yield* isTrue(isBetween, `${millis} is not from ${before} to ${after}`)
      yield* nextTurn
    }
  }),

  law("NOW-03", "a fiber that was woken by time sees that it has passed", function* () {
    const { now, openTimer, refresh } = yield* EventLoop.EventLoop
    const began = yield* refresh
    yield* Effect.sleep("2 millis")
    const woken = yield* now
    yield* isTrue(woken - began > 2 - roundingMillis, `Slept 2 ms in ${woken - began}`)
    const timer = yield* openTimer("2 millis")
    yield* timer.await
    const fired = yield* now
    yield* isTrue(fired - woken > 2 - roundingMillis, `It took 2 ms in ${fired - woken}`)
  })
])
