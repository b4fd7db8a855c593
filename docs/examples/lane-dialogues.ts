import { BlockingPool, LoopCall, PoolError, Task } from "@portico/core"
import { NodeBackend } from "@portico/node"
import { Console, Effect, Stream } from "effect"
import type * as Factors from "./factors.ts"
import { known } from "./factors.ts"

const module = Task.module<typeof Factors>(new URL("./factors.ts", import.meta.url))

const program = Effect.gen(function* () {
  const lane = yield* BlockingPool.openLane({ name: "cpu", threadsMax: 1 })

  // One by one, and never more than eight ahead of who takes them.
  const numbers = lane.stream(module.task("factorsFrom"), [30], { itemsMax: 8 })
  yield* Stream.runForEach(Stream.take(numbers, 3), ([number, factors]) =>
    Console.log(`${number} = ${factors.join(" · ")}`)
  )

  // The task asks, an effect of this program answers.
  const calls = [LoopCall.handler(known, (number) => Effect.succeed(number === 91 ? [7, 13] : []))]
  const answers = [91, 77].map((number) => lane.run(module.task("factorsOf"), [number], { calls }))
  yield* Console.log((yield* Effect.all(answers)).map((factors) => factors.join(" · ")).join(", "))

  // In a process of its own a fault ends that process.
  const risky = yield* BlockingPool.openLane({ threadsMax: 1, isolation: "processes" })
  yield* risky.run(module.task("fault"), []).pipe(
    Effect.catchIf(
      (error) => PoolError.isPoolError(error, "WorkerKilled"),
      ({ reason }) => Console.log(reason)
    )
  )
}).pipe(Effect.scoped)

NodeBackend.runMain(program)
