/** What a yield costs: `size` fibers that do nothing else. */
import * as Effect from "effect/Effect"
import type { Outcome, Task } from "../Task.ts"
import { Meter } from "./Meter.ts"

export const yields = (task: Task): Effect.Effect<Outcome> =>
  Effect.gen(function* () {
    const meter = new Meter(task)
    const loop = Effect.whileLoop({
      while: meter.goesOn,
      body: () => Effect.yieldNow,
      step: meter.count
    })
    const fibers = Array.from({ length: task.size }, () => loop)
    yield* Effect.all(fibers, { concurrency: "unbounded", discard: true })
    return meter.measurements
  })
