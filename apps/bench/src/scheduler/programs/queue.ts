/** What a hand-over by queue costs: two fibers, a bounded queue each way, one message at a time. */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type { Outcome, Task } from "../Task.ts"
import { Meter } from "./Meter.ts"

const messagesMax = 16

export const queue = (task: Task): Effect.Effect<Outcome> =>
  Effect.gen(function* () {
    const meter = new Meter(task)
    const there = yield* Queue.bounded<number>(messagesMax)
    const back = yield* Queue.bounded<number>(messagesMax)
    const answer = Effect.flatMap(Queue.take(there), (message) => Queue.offer(back, message))
    yield* Effect.forkChild(Effect.forever(answer, { disableYield: true }))

    const ask = Effect.andThen(Queue.offer(there, 0), Queue.take(back))
    yield* Effect.whileLoop({ while: meter.goesOn, body: () => ask, step: meter.count })
    return meter.measurements
  })
