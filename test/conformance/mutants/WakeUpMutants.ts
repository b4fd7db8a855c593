/** Loops whose wake-ups or posted tasks are wrong. */
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

  handleMutant("lets a second fiber wait in silence", "WAKE-02", (wakeUp) => ({
    await: Effect.catchTag(wakeUp.await, "IoError", (error) =>
      error.reason._tag === "Busy" ? Effect.never : Effect.fail(error)
    )
  })),

  handleMutant("leaves who waits when a wake-up closes", "HANDLE-09", (wakeUp) => ({
    await: Effect.catchTag(wakeUp.await, "IoError", () => Effect.never)
  })),

  wakeUpMutant("drops every other wake", "WAKE-01", (wakeUp) => {
    let asked = 0
    return { wake: () => ++asked % 2 === 1 && wakeUp.wake() }
  }),

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
  },

  coreMutant("runs posted tasks at once", "LOOP-10", () => ({
    postUnsafe: (task) => Effect.runSync(Effect.as(task, undefined))
  })),

  coreMutant("puts every other task off by a turn", "LOOP-10", (loop) => {
    let posted = 0
    return {
      postUnsafe: (task) =>
        ++posted % 2 === 0
          ? loop.postUnsafe(task)
          : loop.postUnsafe(Effect.sync(() => void loop.postUnsafe(task)))
    }
  }),

  coreMutant("queues a task whose key is there", "LOOP-12", (loop) => ({
    postUnsafe: (task) => loop.postUnsafe(task)
  })),

  coreMutant("never runs what has the key of a task that ran", "LOOP-12", (loop) => {
    const keys = new Set<string | undefined>()
    return {
      postUnsafe: (task, options) => {
        if (options !== undefined && keys.has(options.key)) return undefined
        if (options !== undefined) keys.add(options.key)
        return loop.postUnsafe(task)
      }
    }
  }),

  {
    name: "runs no task that was put off once it shuts down",
    caughtBy: "LOOP-13",
    change: (ports) => ({
      ...ports,
      turn: overriding(ports.turn, { later: () => {} })
    })
  }
]
