/** A loop over settled promises beside an interval of the host: how often does that fire? */
import * as Effect from "effect/Effect"
import type { Outcome, Task } from "../Task.ts"
import { Meter } from "./Meter.ts"

const tickMillis = 5

export const promiseLoop = (task: Task): Effect.Effect<Outcome> =>
  Effect.gen(function* () {
    let ticks = 0
    let ticksInWindow = 0
    const meter = new Meter(task, {
      onStart: () => (ticks = 0),
      onEnd: () => (ticksInWindow = ticks)
    })
    const interval = setInterval(() => ticks++, tickMillis)
    yield* Effect.whileLoop({
      while: meter.goesOn,
      body: () => Effect.promise(() => Promise.resolve()),
      step: meter.count
    })
    clearInterval(interval)
    return { ...meter.measurements, timer_ticks: ticksInWindow / meter.seconds }
  })
