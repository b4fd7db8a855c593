/** Backends with a bug that shows only where there are threads, or where computing takes time. */
import { HostScheduler, WakeUp } from "@portico/core"
import * as Effect from "effect/Effect"
import { coreMutant, loopMutant, type Mutant, overriding } from "./Mutant.ts"

export const hostMutants: ReadonlyArray<Mutant> = [
  loopMutant("does not hear other threads", "WAKE-07", (loop) => ({
    openWakeUp: (_, onWake) => loop.openWakeUp(undefined, onWake)
  })),

  coreMutant("gives other threads a cell of nobody's", "WAKE-08", (loop) => ({
    get openWakeUp() {
      const cell = Effect.sync(() => new SharedArrayBuffer(WakeUp.cellBytes))
      return Effect.map(loop.openWakeUp, (wakeUp) => overriding(wakeUp, { cell }))
    }
  })),

  {
    name: "lets a loop over promises have the thread",
    caughtBy: "SCHED-04",
    change: (ports) => ({
      ...ports,
      scheduler: overriding(ports.scheduler, {
        shouldYield: (fiber) => fiber.currentOpCount > 1 && ports.scheduler.shouldYield(fiber)
      })
    })
  },
  {
    name: "blames for a few milliseconds",
    caughtBy: "BLAME-02",
    change: (ports) => ({
      ...ports,
      scheduler: new HostScheduler.HostScheduler(ports.loop, { blameMillisMin: 5 })
    })
  },
  {
    name: "blames nobody",
    caughtBy: "BLAME-01",
    change: (ports) => ({
      ...ports,
      scheduler: overriding(ports.scheduler, { onBlame: () => () => {} })
    })
  },
  {
    name: "blames whoever it likes",
    caughtBy: "BLAME-01",
    change: (ports) => ({
      ...ports,
      scheduler: overriding(ports.scheduler, {
        onBlame: (listener) =>
          ports.scheduler.onBlame((blame) => {
            const suspects = blame.suspects.map((one) => ({ ...one, fiberId: 0 }))
            listener({ ...blame, suspects })
          })
      })
    })
  },
  {
    name: "blames for each step of a site",
    caughtBy: "BLAME-01",
    change: (ports) => ({
      ...ports,
      scheduler: overriding(ports.scheduler, {
        onBlame: (listener) =>
          ports.scheduler.onBlame((blame) => {
            listener(blame)
            listener(blame)
          })
      })
    })
  }
]
