import { BlockingPool, Task } from "@portico/core"
import { SharedMutex } from "@portico/core/sync"
import { NodeBackend } from "@portico/node"
import { Console, Effect } from "effect"
import type * as Tally from "./tally.ts"

const module = Task.module<typeof Tally>(new URL("./tally.ts", import.meta.url))

const program = Effect.gen(function* () {
  const lane = yield* BlockingPool.openLane({ threadsMax: 2 })
  const mutex = yield* SharedMutex.make()
  const sum = new Float64Array(new SharedArrayBuffer(8))

  // Two threads, which block, and a fiber, which waits: they have the lock in turn.
  const thread = lane.run(module.task("tally"), [mutex.cell, sum.buffer, 1_000])
  const add = Effect.sync(() => void (sum[0] = sum[0]! + 1))
  const fiber = Effect.replicateEffect(mutex.withLock(add), 1_000, { discard: true })
  yield* Effect.all([thread, thread, fiber], { concurrency: "unbounded" })
  yield* Console.log(sum[0])

  // Whoever ends with a lock breaks it; nobody waits for ever.
  yield* lane.run(module.task("forget"), [mutex.cell])
  yield* mutex
    .withLock(Effect.void)
    .pipe(Effect.catchTag("SyncError", ({ message }) => Console.log(message)))
}).pipe(Effect.scoped)

NodeBackend.runMain(program)
