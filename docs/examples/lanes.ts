import { BlockingPool, Task } from "@portico/core"
import { NodeBackend } from "@portico/node"
import { Console, Effect } from "effect"
import type * as Primes from "./primes.ts"

const primes = Task.module<typeof Primes>(new URL("./primes.ts", import.meta.url))
const countPrimes = primes.task("countPrimes")

const program = Effect.gen(function* () {
  const lane = yield* BlockingPool.openLane({ name: "cpu", threadsMax: 2, queueMax: 100 })

  // In threads, two at a time, while this one stays free.
  const counts = yield* Effect.all(
    [1_000, 10_000, 100_000].map((limit) => lane.run(countPrimes, [limit])),
    { concurrency: "unbounded" }
  )
  yield* Console.log(counts.join(" "))

  // It would take hours. It is asked to stop, and says what it has.
  const endless = yield* lane.submit(countPrimes, [2 ** 50])
  while ((yield* endless.state) === "Waiting") yield* Effect.sleep("1 millis")
  yield* Console.log(yield* endless.cancel({ grace: "10 seconds" }))

  const { tasks } = yield* lane.snapshot
  yield* Console.log(`${tasks.succeeded} of ${tasks.submitted} gave something`)
}).pipe(Effect.scoped)

NodeBackend.runMain(program)
