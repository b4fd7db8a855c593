/** Loops that run posted tasks in a wrong way, or not at all. */
import { IoError, Reason } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { coreMutant, type Mutant, overriding } from "./Mutant.ts"

export const postMutants: ReadonlyArray<Mutant> = [
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
  },

  coreMutant("runs posted tasks by another scheduler", "POST-01", () => ({
    post: (task) => Effect.sync(() => void Effect.runFork(task))
  })),

  coreMutant("waits for each task before the next", "POST-02", (loop) => {
    const semaphore = Semaphore.makeUnsafe(1)
    return { post: (task) => loop.post(semaphore.withPermits(1)(task)) }
  }),

  coreMutant("holds fewer tasks", "POST-04", (loop) => {
    let posted = 0
    const reason = Reason.Reason.ResourceExhausted({ resource: "posted tasks" })
    const refusal = new IoError.IoError({ operation: "EventLoop.post", reason })
    return { postUnsafe: (task) => (++posted > 1_000 ? refusal : loop.postUnsafe(task)) }
  }),

  coreMutant("says nothing of a task that died", "POST-05", (loop) => ({
    post: (task) => loop.post(Effect.catchCause(task, () => Effect.void))
  }))
]
