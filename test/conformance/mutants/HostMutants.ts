/** Backends with a bug that shows only where there are threads, or where computing takes time. */
import { loopMutant, type Mutant, overriding } from "./Mutant.ts"

export const hostMutants: ReadonlyArray<Mutant> = [
  loopMutant("does not hear other threads", "WAKE-07", (loop) => ({
    openWakeUp: (_, onWake) => loop.openWakeUp(undefined, onWake)
  })),

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
