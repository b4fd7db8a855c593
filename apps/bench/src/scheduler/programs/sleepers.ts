/** `size` fibers that sleep, each until its own moment of the window. */
import * as Effect from "effect/Effect"
import type { Outcome, Task } from "../Task.ts"

const kib = 1_024

export const sleepers = ({ seconds, size }: Task): Effect.Effect<Outcome> =>
  Effect.gen(function* () {
    let lateMax = 0
    const sleeper = (_: unknown, index: number) => {
      const millis = 1 + Math.floor((index / size) * seconds * 1_000)
      return Effect.suspend(() => {
        const due = performance.now() + millis
        return Effect.map(Effect.sleep(millis), () => {
          lateMax = Math.max(lateMax, performance.now() - due)
        })
      })
    }
    const started = performance.now()
    const cpuBefore = process.cpuUsage()
    const fibers = Array.from({ length: size }, sleeper)
    yield* Effect.all(fibers, { concurrency: "unbounded", discard: true })
    const { system, user } = process.cpuUsage(cpuBefore)
    return {
      time_to_finish: performance.now() - started,
      cpu_time: (user + system) / 1_000,
      late_max: lateMax,
      resident_peak_bytes: process.resourceUsage().maxRSS * kib
    }
  })
