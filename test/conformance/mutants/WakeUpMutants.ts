/** Loops whose wake-ups are wrong. */
import type { WakeUp } from "@portico/core"
import * as Effect from "effect/Effect"
import { coreMutant, type Mutant, overriding, wakeUpMutant } from "./Mutant.ts"

/** A mutant of core whose wake-ups differ. */
const handleMutant = (
  name: string,
  caughtBy: string,
  changes: (wakeUp: WakeUp.WakeUp) => Partial<WakeUp.WakeUp>
): Mutant =>
  coreMutant(name, caughtBy, (loop) => ({
    get openWakeUp() {
      return Effect.map(loop.openWakeUp, (wakeUp) => overriding(wakeUp, changes(wakeUp)))
    }
  }))

/** Each interrupted await takes the next wake. */
const losing = (wakeUp: WakeUp.WakeUp): Partial<WakeUp.WakeUp> => {
  let lost = 0
  return {
    await: Effect.onInterrupt(wakeUp.await, () => Effect.sync(() => void lost++)),
    wake: Effect.suspend(() => (lost === 0 ? wakeUp.wake : Effect.sync(() => void lost--)))
  }
}

const laterBy = (later: (callback: () => void) => void, turns: number, task: () => void): void =>
  turns === 0 ? task() : later(() => laterBy(later, turns - 1, task))

export const wakeUpMutants: ReadonlyArray<Mutant> = [
  handleMutant("does not join wakes", "WAKE-01", (wakeUp) => {
    let left = 0
    return {
      await: Effect.suspend(() => {
        if (left > 0) return Effect.sync(() => (left--, 1))
        return Effect.map(wakeUp.await, (taken) => ((left = taken - 1), 1))
      })
    }
  }),

  handleMutant("forgets wakes that nobody awaits", "LOOP-14", (wakeUp) => ({
    wakeUnsafe: () => (wakeUp.waits.length > 0 ? wakeUp.wakeUnsafe() : undefined)
  })),

  handleMutant("takes wakes a step before it hands them over", "WAKE-04", (wakeUp) => ({
    await: Effect.flatMap(wakeUp.await, (taken) => Effect.suspend(() => Effect.succeed(taken)))
  })),

  handleMutant("lets an interrupted await take the next wake", "WAKE-03", losing),

  handleMutant("lets a second fiber wait in silence", "WAKE-02", (wakeUp) => ({
    await: Effect.catchTag(wakeUp.await, "IoError", (error) =>
      error.reason._tag === "Busy" ? Effect.never : Effect.fail(error)
    )
  })),

  handleMutant("leaves who waits when a wake-up closes", "HANDLE-09", (wakeUp) => ({
    await: Effect.catchTag(wakeUp.await, "IoError", () => Effect.never)
  })),

  ...["WAKE-01", "SCHED-07"].map((caughtBy) =>
    wakeUpMutant("drops every other wake", caughtBy, (wakeUp) => {
      let asked = 0
      return { wake: () => ++asked % 2 === 1 && wakeUp.wake() }
    })
  ),

  wakeUpMutant("does not wake for a wake-up that was unref'd", "ALIVE-03", (wakeUp) => ({
    setRef: (isRef) => !isRef && wakeUp.close()
  })),

  wakeUpMutant("tells of a wake within the call", "LOOP-14", (_, onWake) => ({ wake: onWake })),

  wakeUpMutant("tells of a wake that came before the close", "WAKE-06", () => ({
    close: () => {}
  })),

  {
    name: "tells of wakes in the order in which wake-ups were opened",
    caughtBy: "WAKE-05",
    change: (ports) => {
      const { loop, turn } = ports
      let opened = 0
      return {
        ...ports,
        loop: overriding(loop, {
          openWakeUp: (cell, onWake) => {
            const turns = ++opened * 3
            return overriding(loop.openWakeUp(cell, onWake), {
              wake: () => laterBy((callback) => turn.later(callback), turns, onWake)
            })
          }
        })
      }
    }
  }
]
