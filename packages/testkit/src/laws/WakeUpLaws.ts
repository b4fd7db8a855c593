/** Laws of wake-ups: the way into a loop from outside of its fibers. */
import { Backend, EventLoop, type WakeUp } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type { SchedulerDispatcher } from "effect/Scheduler"
import { equals, equalsAll, failsWith, isRefused, isTrue } from "../Expectation.ts"
import { overriding, type PortChange, withPorts } from "../FaultyPorts.ts"
import { law, lawGroup, type Required } from "../Law.ts"
import { LawEnvironment } from "../LawEnvironment.ts"
import { eventually, parked, settle } from "../Turns.ts"
import { yieldingFibers } from "../YieldingFibers.ts"

const openWakeUp = EventLoop.EventLoop.use((loop) => loop.openWakeUp)

const threads: Required = {
  name: "threads",
  ask: Effect.flatMap(openWakeUp, (wakeUp) => wakeUp.cell)
}

/** Counts the calls by which the host says that a wake-up was woken. */
const countingWakes =
  (onWake: () => void): PortChange =>
  (ports) => ({
    ...ports,
    loop: overriding(ports.loop, {
      openWakeUp: (cell, callback) =>
        ports.loop.openWakeUp(cell, () => {
          onWake()
          callback()
        })
    })
  })

const nothing = (): void => {}

/** Runs `task` when the run queue has come round so often, between any two steps of a fiber. */
const after = (dispatcher: SchedulerDispatcher, rounds: number, task: () => void): void =>
  dispatcher.scheduleTask(rounds === 0 ? task : () => after(dispatcher, rounds - 1, task), 0)

/** Enough for a thread to be at it while the loop takes the first of them. */
const notifiesMax = 20_000

/** Wakes from another thread; each must be taken to be told of. */
const notify = (wakeUp: WakeUp.WakeUp, times: number) =>
  Effect.gen(function* () {
    const { notifyFromThread } = yield* LawEnvironment
    return yield* Option.getOrThrow(notifyFromThread)(yield* wakeUp.cell, times)
  })

export const WakeUpLaws = lawGroup("Wake-ups", [
  law("LOOP-14", "a wake that nobody awaits only wakes the loop, and is kept", function* () {
    let wakes = 0
    const body = Effect.gen(function* () {
      const { turn } = yield* Backend.Backend
      const wakeUp = yield* openWakeUp
      turn.later(() => {
        wakeUp.wakeUnsafe()
        if (wakes > 0) wakes = Number.NaN
      })
      yield* eventually(
        "the loop wakes",
        Effect.sync(() => wakes !== 0)
      )
      yield* equals(wakes, 1, "wakes of the host, none of them within the call")
      yield* equals(yield* wakeUp.await, 1, "wakes taken")
    })
    yield* withPorts(
      countingWakes(() => wakes++),
      Effect.scoped(body)
    )
  }),

  law("WAKE-01", "wakes that come before the loop gets to them are one", function* () {
    const wakeUp = yield* openWakeUp
    const { turn } = yield* Backend.Backend
    for (const count of [1_000, 1, 3]) {
      const waiting = yield* Effect.forkChild(wakeUp.await, { startImmediately: true })
      yield* parked(wakeUp)
      turn.later(() => {
        for (let time = 0; time < count; time++) wakeUp.wakeUnsafe()
      })
      yield* equals(yield* Fiber.join(waiting), count, "wakes taken at once")
    }
    const waiting = yield* Effect.forkChild(wakeUp.await, { startImmediately: true })
    yield* settle
    yield* isTrue(waiting.pollUnsafe() === undefined, "Nothing should be left to take")
    yield* wakeUp.wake
    yield* equals(yield* Fiber.join(waiting), 1, "wakes taken")
  }),

  law(
    "WAKE-02",
    "a second fiber that awaits a wake-up is Busy, and the first goes on",
    function* () {
      const wakeUp = yield* openWakeUp
      const waiting = yield* Effect.forkChild(wakeUp.await, { startImmediately: true })
      yield* parked(wakeUp)
      yield* failsWith("Busy", wakeUp.await)
      yield* wakeUp.wake
      yield* equals(yield* Fiber.join(waiting), 1, "wakes taken")
    }
  ),

  law("WAKE-03", "an interrupted await takes nothing", function* () {
    const wakeUp = yield* openWakeUp
    for (let time = 0; time < 3; time++) {
      const waiting = yield* Effect.forkChild(wakeUp.await, { startImmediately: true })
      yield* parked(wakeUp)
      yield* Fiber.interrupt(waiting)
      yield* equals(wakeUp.waits.length, 0, "waiting")
    }
    yield* wakeUp.wake
    yield* equals(yield* wakeUp.await, 1, "wakes taken")
  }),

  law("WAKE-04", "no wake is lost, wherever its await is interrupted", function* () {
    let onTold = nothing
    const body = Effect.gen(function* () {
      const { scheduler } = yield* Backend.Backend
      const dispatcher = scheduler.makeDispatcher()
      const wakeUp = yield* openWakeUp
      for (let tasks = 0; tasks < 12; tasks++) {
        const waiting = yield* Effect.forkChild(wakeUp.await, { startImmediately: true })
        yield* parked(wakeUp)
        onTold = () => after(dispatcher, tasks, () => waiting.interruptUnsafe())
        yield* wakeUp.wake
        const exit = yield* Fiber.await(waiting)
        onTold = nothing
        const taken = Exit.isSuccess(exit) ? exit.value : 0
        yield* wakeUp.wake
        // Both, or one after the other when the host had told of the first already.
        let left = 2 - taken
        while (left > 0) left -= yield* wakeUp.await
        yield* equals(left, 0, `wakes left, interrupted after ${tasks} tasks`)
      }
    })
    const counting = countingWakes(() => onTold())
    yield* withPorts((ports) => yieldingFibers(counting(ports)), Effect.scoped(body))
  }),

  law(
    "WAKE-05",
    "wake-ups of one thread are told of in the order of their first wakes",
    function* () {
      const { turn } = yield* Backend.Backend
      const wakeUps = yield* Effect.all([openWakeUp, openWakeUp, openWakeUp])
      const order: Array<number> = []
      const waiting = yield* Effect.forEach(wakeUps, (wakeUp, n) =>
        Effect.forkChild(
          Effect.andThen(
            wakeUp.await,
            Effect.sync(() => order.push(n))
          ),
          { startImmediately: true }
        )
      )
      for (const wakeUp of wakeUps) yield* parked(wakeUp)
      turn.later(() => {
        for (const n of [2, 0, 1, 0, 2]) wakeUps[n]!.wakeUnsafe()
      })
      yield* Fiber.joinAll(waiting)
      yield* equalsAll(order, [2, 0, 1], "order")
    }
  ),

  law("WAKE-06", "a wake-up that was closed is not told of, and refuses", function* () {
    let open: WakeUp.WakeUp | undefined
    let wakes = 0
    const body = Effect.gen(function* () {
      const wakeUp = (open = yield* openWakeUp)
      yield* wakeUp.wake
      yield* wakeUp.close
      yield* failsWith("Closed", wakeUp.wake)
      yield* failsWith("Closed", wakeUp.await)
      yield* isRefused("Closed", wakeUp.wakeUnsafe())
      yield* settle
      yield* equals(wakes, 0, "wakes after it was closed")
    })
    // The loop may come to the wake before the close: the fiber may have used up its slice.
    const counting = countingWakes(() => {
      if (open?.state._tag !== "Open") wakes++
    })
    yield* withPorts(counting, Effect.scoped(body))
  }),

  law(
    "WAKE-07",
    "another thread wakes the loop, and every wake of it counts",
    function* () {
      const wakeUp = yield* openWakeUp
      const taking = yield* Effect.forkChild(
        Effect.gen(function* () {
          let taken = 0
          while (taken < notifiesMax) taken += yield* wakeUp.await
          return taken
        }),
        { startImmediately: true }
      )
      yield* parked(wakeUp)
      const said = yield* notify(wakeUp, notifiesMax)
      yield* isTrue(said.every(Boolean), "An open wake-up should say so")
      yield* equals(yield* Fiber.join(taking), notifiesMax, "wakes taken")
    },
    { capability: threads, hook: "notifyFromThread" }
  ),

  law(
    "WAKE-08",
    "another thread is told that a wake-up is closed, and wakes nothing",
    function* () {
      let wakes = 0
      const body = Effect.gen(function* () {
        const wakeUp = yield* openWakeUp
        yield* wakeUp.cell
        yield* wakeUp.close
        const said = yield* notify(wakeUp, 3)
        yield* isTrue(!said.some(Boolean), "A closed wake-up should say so")
        yield* settle
        yield* equals(wakes, 0, "wakes")
      })
      yield* withPorts(
        countingWakes(() => wakes++),
        Effect.scoped(body)
      )
    },
    { capability: threads, hook: "notifyFromThread" }
  )
])
