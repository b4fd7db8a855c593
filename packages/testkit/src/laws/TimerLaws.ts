/** Laws of timers that can be moved. */
import { EventLoop } from "@portico/core"
import type { LoopPort } from "@portico/core/port"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { equals, equalsAll, isTrue, rejects } from "../Expectation.ts"
import { overriding, type PortChange, withPorts } from "../FaultyPorts.ts"
import { law, lawGroup } from "../Law.ts"
import { eventually, nextTurn, parked, settle } from "../Turns.ts"

/** What the fractions of a millisecond may be off by. */
const roundingMillis = 1e-6
const timerMillisMax = 2 ** 31 - 1

/** A loop whose timers fire when they are told to, and whose clock then says that it is time. */
const makeManual = () => {
  const asked: Array<number> = []
  let passed = 0
  let fire: () => void = () => {}
  const change: PortChange = (ports) => {
    const changes: Partial<LoopPort> = {
      nowMillis: () => ports.loop.nowMillis() + passed,
      startTimer: (millis, callback) => {
        asked.push(millis)
        fire = () => {
          passed += millis
          callback()
        }
        return { cancel: () => {}, setRef: () => {} }
      }
    }
    return { ...ports, loop: overriding(ports.loop, changes) }
  }
  return { asked, change, fire: () => fire() }
}

export const TimerLaws = lawGroup("Timer handles", [
  law("TIMER-01", "a timer wakes all who await it when it is time, and never early", function* () {
    const { openTimer, refresh } = yield* EventLoop.EventLoop
    const began = yield* refresh
    const timer = yield* openTimer("3 millis")
    const waits = Effect.andThen(timer.await, refresh)
    const woken = yield* Effect.all([waits, waits, waits], { concurrency: "unbounded" })
    for (const at of woken) {
      yield* isTrue(at - began > 3 - roundingMillis, `3 ms fired after ${at - began}`)
    }
    yield* isTrue(timer.hasFired, "It should have fired")
    yield* equals(timer.remainingMillis, 0, "remaining")
    // Who comes later waits no more.
    yield* timer.await
  }),

  law("TIMER-02", "a timer says how long it has left", function* () {
    const { openTimer } = yield* EventLoop.EventLoop
    const timer = yield* openTimer("1 hour")
    yield* isTrue(!timer.hasFired, "It should not have fired")
    const first = timer.remainingMillis
    yield* isTrue(first > 3_590_000 && first <= 3_600_000, `${first} ms are left of an hour`)
    yield* eventually(
      "less is left",
      Effect.sync(() => timer.remainingMillis < first)
    )
  }),

  law("TIME-09", "a timer that is restarted fires at its new time, and once", function* () {
    const { openTimer, refresh } = yield* EventLoop.EventLoop
    const timer = yield* openTimer("1 hour")
    let wakes = 0
    const waiting = yield* Effect.forkChild(
      Effect.andThen(
        timer.await,
        Effect.sync(() => wakes++)
      ),
      { startImmediately: true }
    )
    const restarted = (duration: Duration.Input, millis: number) =>
      Effect.gen(function* () {
        const began = yield* refresh
        yield* timer.restart(duration)
        yield* timer.await
        const took = (yield* refresh) - began
        yield* isTrue(took > millis - roundingMillis, `${millis} ms fired after ${took}`)
      })
    // Later: who waits goes on waiting. Earlier. After it fired. In the past.
    yield* timer.restart("2 hours")
    yield* equals(wakes, 0, "wakes")
    yield* restarted("2 millis", 2)
    yield* Fiber.join(waiting)
    yield* restarted("1 millis", 1)
    yield* timer.restart("1 hour")
    yield* equals(timer.hasFired, false, "fired when started anew")
    yield* restarted(-5, 0)
    yield* settle
    yield* equals(wakes, 1, "wakes")
  }),

  law("TIMER-03", "the time that a timer was moved away from passes without it", function* () {
    const { openTimer } = yield* EventLoop.EventLoop
    const timer = yield* openTimer("2 millis")
    let wakes = 0
    const count = Effect.andThen(
      timer.await,
      Effect.sync(() => wakes++)
    )
    yield* timer.restart("1 hour")
    yield* Effect.forkChild(count, { startImmediately: true })
    const later = yield* openTimer("4 millis")
    yield* later.await
    yield* equals(timer.hasFired, false, "fired at its old time")
    yield* equals(wakes, 0, "wakes")
    // Moved earlier, it does not fire again at its old time.
    yield* timer.restart("6 millis")
    yield* timer.restart("1 millis")
    yield* timer.await
    yield* timer.restart("1 hour")
    yield* later.restart("8 millis")
    yield* later.await
    yield* equals(timer.hasFired, false, "fired twice")
    yield* equals(wakes, 1, "wakes")
  }),

  law("TIMER-04", "a timer of no duration, or of less, fires in a later turn", function* () {
    const { openTimer } = yield* EventLoop.EventLoop
    const timer = yield* openTimer("1 hour")
    for (const duration of [0, -1, -Infinity]) {
      // In the step that began it.
      yield* Effect.yieldNow
      const hasFired = yield* Effect.map(timer.restart(duration), () => timer.hasFired)
      yield* equals(hasFired, false, `fired within the call, after ${duration} ms`)
      yield* timer.await
    }
  }),

  law("TIMER-05", "a timer without end does not fire, and can be given one", function* () {
    const { openTimer } = yield* EventLoop.EventLoop
    const timer = yield* openTimer(Infinity)
    const waiting = yield* Effect.forkChild(timer.await, { startImmediately: true })
    yield* settle
    yield* equals(timer.remainingMillis, Infinity, "remaining")
    yield* isTrue(waiting.pollUnsafe() === undefined, "It should not fire")
    yield* timer.restart("1 millis")
    yield* Fiber.join(waiting)
    yield* timer.restart(Infinity)
    yield* equals(timer.hasFired, false, "fired when started anew")
  }),

  law(
    "TIMER-06",
    "timers of one length fire in the order in which they were started",
    function* () {
      const { openTimer } = yield* EventLoop.EventLoop
      const fired: Array<number> = []
      const numbers = Array.from({ length: 300 }, (_, n) => n)
      const waiting = yield* Effect.forEach(numbers, (n) =>
        Effect.flatMap(openTimer("3 millis"), (timer) =>
          Effect.forkChild(
            Effect.andThen(
              timer.await,
              Effect.sync(() => fired.push(n))
            ),
            { startImmediately: true }
          )
        )
      )
      yield* Fiber.joinAll(waiting)
      yield* equalsAll(fired, numbers, "order")
    }
  ),

  law("TIMER-07", "a timer of more than 2^31 ms is as long as it says", function* () {
    const { asked, change, fire } = makeManual()
    const body = Effect.gen(function* () {
      const { openTimer } = yield* EventLoop.EventLoop
      const timer = yield* openTimer(2 * timerMillisMax + 1_000)
      for (let time = 0; time < 2; time++) {
        fire()
        yield* nextTurn
        yield* equals(timer.hasFired, false, `fired after ${asked.join(" + ")} ms`)
      }
      fire()
      yield* timer.await
    })
    yield* withPorts(change, Effect.scoped(body))
    yield* equalsAll(asked.slice(0, 2), [timerMillisMax, timerMillisMax], "asked of the host")
    yield* isTrue(asked.length === 3 && asked[2]! <= 1_000, `Asked for ${asked.join(", ")}`)
  }),

  law("TIMER-08", "an interrupted await leaves the timer to others", function* () {
    const { openTimer } = yield* EventLoop.EventLoop
    const timer = yield* openTimer("1 hour")
    const [first, second] = yield* Effect.forEach([1, 2], () =>
      Effect.forkChild(timer.await, { startImmediately: true })
    )
    yield* parked(timer, 2)
    yield* Fiber.interrupt(first!)
    yield* equalsAll(
      timer.waits.map(({ fiberId, operation }) => `${operation} #${fiberId}`),
      [`Timer.await #${second!.id}`],
      "waiting"
    )
    yield* timer.restart("1 millis")
    yield* Fiber.join(second!)
    yield* equals(timer.waits.length, 0, "waiting")
  }),

  law("TIMER-09", "what is no duration is refused", function* () {
    const { openTimer } = yield* EventLoop.EventLoop
    const timer = yield* openTimer("1 hour")
    const wrong = [Number.NaN, "a while" as Duration.Input]
    for (const duration of wrong) {
      yield* rejects("duration", Effect.scoped(openTimer(duration)))
      yield* rejects("duration", timer.restart(duration))
    }
    yield* equals(timer.hasFired, false, "fired")
  })
])
