/** Laws of a lane's threads: what one that is lost costs, and when threads start and end. */
import * as Effect from "effect/Effect"
import { equals, equalsAll, isTrue } from "../Expectation.ts"
import { lawGroup, type Required } from "../Law.ts"
import { Gate, tasks } from "../LawTasks.ts"
import { failsAs, openLane, poolLaw } from "../PoolLaw.ts"

const heapLimit: Required = {
  name: "workerHeapLimit",
  ask: openLane({ threadsMax: 1, heapMaxMiB: 16 })
}

const awaitThreads = (lane: { readonly snapshot: Effect.Effect<{ readonly threads: number }> }) =>
  Effect.gen(function* () {
    // By the loop's own timers: how many turns a period takes is the host's affair.
    while ((yield* lane.snapshot).threads > 0) yield* Effect.sleep("5 millis")
  })

export const PoolWorkerLaws = lawGroup("Threads of lanes", [
  poolLaw("POOL-07", "a task that ends its thread costs itself alone", function* () {
    const { echo, exit, pass } = yield* tasks
    const lane = yield* openLane({ threadsMax: 2 })
    const gate = new Gate()
    const other = yield* lane.submit(pass, [gate.cell])
    yield* gate.awaitCount(1)
    const { exitCode } = yield* failsAs("WorkerExited", lane.run(exit, [3]))
    yield* equals(exitCode, 3, "exitCode")
    yield* equals(yield* lane.run(echo, [1]), 1, "the next one's result")
    yield* gate.open
    yield* equals(yield* other.await, 7, "the other one's result")
    const { tasks: counted, threadCounts } = yield* lane.snapshot
    yield* equals(counted.crashed, 1, "crashed")
    yield* equals(threadCounts.lost, 1, "threads lost")
  }),

  poolLaw(
    "POOL-34",
    "a callback that throws in a thread costs the task that runs there",
    function* () {
      const { crash, echo } = yield* tasks
      const lane = yield* openLane({ threadsMax: 1 })
      const crashing = yield* lane.submit(crash, ["nobody caught it"])
      const waiting = yield* Effect.forEach([1, 2, 3], (value) => lane.submit(echo, [value]))
      const { error } = yield* failsAs("WorkerCrashed", crashing.await)
      yield* equals((error as Error).message, "nobody caught it", "message")
      const results = yield* Effect.forEach(waiting, (task) => task.await)
      yield* equalsAll(results as ReadonlyArray<number>, [1, 2, 3], "results of those that waited")
    }
  ),

  poolLaw(
    "POOL-35",
    "a task that runs out of memory costs itself alone",
    function* () {
      const { echo, exhaust } = yield* tasks
      const lane = yield* openLane({ threadsMax: 1, heapMaxMiB: 16 })
      const exhausting = yield* lane.submit(exhaust, [])
      const waiting = yield* lane.submit(echo, [1])
      const { heapMaxMiB } = yield* failsAs("OutOfMemory", exhausting.await)
      yield* equals(heapMaxMiB, 16, "heapMaxMiB")
      yield* equals(yield* waiting.await, 1, "the result of one that waited")
    },
    { capability: heapLimit, longerThan: "filling 16 MiB takes part of a second" }
  ),

  poolLaw("POOL-36", "a thread that is there is used again", function* () {
    const { echo } = yield* tasks
    const lane = yield* openLane({ threadsMax: 4 })
    for (let value = 0; value < 20; value++) yield* lane.run(echo, [value])
    const { threadCounts, threads } = yield* lane.snapshot
    yield* equals(threadCounts.started, 1, "threads started for one task at a time")
    yield* equals(threads, 1, "threads")
  }),

  poolLaw("POOL-08", "threads without work end, and the next task still runs", function* () {
    const { echo } = yield* tasks
    const lane = yield* openLane({ threadsMax: 2, idleMax: "10 millis" })
    yield* Effect.forEach([1, 2, 3], (value) => lane.run(echo, [value]), {
      concurrency: "unbounded"
    })
    yield* awaitThreads(lane)
    const { threadCounts } = yield* lane.snapshot
    yield* isTrue(threadCounts.retired > 0, "Threads should have ended")
    yield* equals(threadCounts.lost, 0, "threads lost")
    yield* equals(yield* lane.run(echo, [4]), 4, "the next one's result")
  }),

  poolLaw("POOL-14", "a task that floods standard error blocks nobody", function* () {
    const { echo, flood } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1, output: "discard" })
    const flooding = yield* lane.submit(flood, [4 * 1024 * 1024])
    const next = yield* lane.submit(echo, [1])
    yield* equals(yield* flooding.await, 4 * 1024 * 1024, "bytes")
    yield* equals(yield* next.await, 1, "the next one's result")
  })
])
