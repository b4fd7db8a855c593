/** What a wake-up costs: two fibers, each completes the deferred that the other awaits. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { Outcome, Task } from "../Task.ts"
import { Meter } from "./Meter.ts"

export const deferred = (task: Task): Effect.Effect<Outcome> =>
  Effect.gen(function* () {
    const meter = new Meter(task)
    let there = Deferred.makeUnsafe<void>()
    let back = Deferred.makeUnsafe<void>()

    const answer = Effect.suspend(() =>
      Effect.flatMap(Deferred.await(there), () => {
        there = Deferred.makeUnsafe()
        return Deferred.succeed(back, undefined)
      })
    )
    yield* Effect.forkChild(Effect.forever(answer, { disableYield: true }))

    const ask = Effect.suspend(() => {
      back = Deferred.makeUnsafe()
      const answered = back
      return Effect.flatMap(Deferred.succeed(there, undefined), () => Deferred.await(answered))
    })
    yield* Effect.whileLoop({ while: meter.goesOn, body: () => ask, step: meter.count })
    return meter.measurements
  })
