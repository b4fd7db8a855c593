/** What a fiber costs: forked, run, joined, one after the other. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Outcome, Task } from "../Task.ts"
import { Meter } from "./Meter.ts"

const forkAndJoin = Effect.flatMap(Effect.forkChild(Effect.void), Fiber.join)

export const forks = (task: Task): Effect.Effect<Outcome> =>
  Effect.gen(function* () {
    const meter = new Meter(task)
    yield* Effect.whileLoop({
      while: meter.goesOn,
      body: () => forkAndJoin,
      step: meter.count
    })
    return meter.measurements
  })
