/** Loops whose timers are wrong, or who tell a wrong time. */
import type { Handle, Timer } from "@portico/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { coreMutant, type Loop, loopMutant, type Mutant, overriding } from "./Mutant.ts"

/** A mutant whose timers differ. */
const timerMutant = (
  name: string,
  caughtBy: string,
  changes: (timer: Timer.Timer, loop: Loop) => Partial<Timer.Timer>
): Mutant =>
  coreMutant(name, caughtBy, (loop) => ({
    openTimer: (duration) =>
      Effect.map(loop.openTimer(duration), (timer) => overriding(timer, changes(timer, loop)))
  }))

export const timerMutants: ReadonlyArray<Mutant> = [
  coreMutant("fires its timers early", "TIMER-01", (loop) => ({
    openTimer: (duration) => loop.openTimer(Duration.toMillis(duration) / 2)
  })),

  coreMutant("fires a timer that was moved at its old time, too", "TIMER-03", (loop) => ({
    openTimer: (duration) =>
      Effect.gen(function* () {
        const timer = yield* loop.openTimer(duration)
        const old = yield* loop.openTimer(duration)
        return overriding(timer, {
          get hasFired() {
            return timer.hasFired || old.hasFired
          }
        })
      })
  })),

  timerMutant("does not restart timers", "TIME-09", () => ({ restart: () => Effect.void })),

  timerMutant("fires a timer of no duration within the call", "TIMER-04", (timer) => {
    let hasFired = false
    return {
      get hasFired() {
        return hasFired || timer.hasFired
      },
      restart: (duration) => {
        hasFired = Duration.toMillis(duration) <= 0
        return timer.restart(duration)
      }
    }
  }),

  timerMutant("takes a timer for fired while it runs", "TIMER-02", () => ({ remainingMillis: 0 })),

  timerMutant("cannot unref timers", "ALIVE-01", () => ({ unref: Effect.void })),

  timerMutant("cannot ref timers again", "ALIVE-06", () => ({ ref: Effect.void })),

  timerMutant("says that what it closed is open", "HANDLE-10", () => ({ state: { _tag: "Open" } })),

  timerMutant("keeps a closed timer ref'd", "HANDLE-11", () => ({ isRef: true })),

  ...["TIMER-08", "OPER-06"].map((caughtBy) =>
    timerMutant("keeps who was interrupted on its list", caughtBy, (timer) => {
      const ever = new Map<number, Handle.Wait>()
      return {
        get waits() {
          for (const wait of timer.waits) ever.set(wait.fiberId, wait)
          return Array.from(ever.values())
        }
      }
    })
  ),

  coreMutant("takes a timer without end for one of no time", "TIMER-05", (loop) => ({
    openTimer: (duration) => loop.openTimer(duration === Infinity ? 0 : duration)
  })),

  coreMutant("takes 31 bits of a duration", "TIMER-07", (loop) => ({
    openTimer: (duration) => loop.openTimer(Duration.toMillis(duration) % 2 ** 31)
  })),

  loopMutant("does not fire a timer that was unref'd", "ALIVE-02", (loop) => ({
    startTimer: (millis, callback) => {
      const timer = loop.startTimer(millis, callback)
      return { cancel: () => timer.cancel(), setRef: (isRef) => !isRef && timer.cancel() }
    }
  })),

  timerMutant("ignores what no duration is", "TIMER-09", (timer) => ({
    restart: (duration) => timer.restart(Number.isNaN(duration) ? 0 : duration)
  })),

  loopMutant("fires every other timer late", "TIMER-06", (loop) => {
    let started = 0
    return {
      startTimer: (millis, callback) => loop.startTimer(millis + 2 * (++started % 2), callback)
    }
  }),

  loopMutant("fires no timer", "TIMER-01", () => ({
    startTimer: () => ({ cancel: () => {}, setRef: () => {} })
  })),

  {
    name: "tells a cached time that goes backwards",
    caughtBy: "LOOP-16",
    change: (ports) => {
      let looks = 0
      const { scheduler } = ports
      const turnMillis = () => scheduler.turnMillis - (++looks % 7 === 0 ? 1 : 0)
      return {
        ...ports,
        scheduler: overriding(scheduler, {
          get turnMillis() {
            return turnMillis()
          }
        })
      }
    }
  },
  {
    name: "tells another time at each look",
    caughtBy: "NOW-01",
    change: (ports) => {
      let looks = 0
      return {
        ...ports,
        scheduler: overriding(ports.scheduler, {
          get turnMillis() {
            return ports.scheduler.turnMillis + ++looks
          }
        })
      }
    }
  },

  loopMutant("counts nanoseconds from elsewhere", "NOW-02", (loop) => ({
    nowNanos: () => loop.nowNanos() + 1_000_000n
  })),

  coreMutant("does not look at the clock when a sleep is over", "NOW-03", (loop) => {
    let first: number | undefined
    return { now: Effect.map(loop.now, (now) => (first ??= now)) }
  })
]
