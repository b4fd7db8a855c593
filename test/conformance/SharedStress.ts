/** Shared locks under as much contention as two threads and the loop can make. */
import { BlockingPool, type BackendLayer, Task } from "@portico/core"
import {
  SharedBarrier,
  SharedMutex,
  SharedReadWriteLock,
  SharedSemaphore,
  ThreadSeats
} from "@portico/core/sync"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { describe, expect, it } from "vitest"
import type * as StressTasks from "./StressTasks.ts"

const module = Task.module<typeof StressTasks>(new URL("./StressTasks.ts", import.meta.url))
const word = () => new SharedArrayBuffer(8)
const openLane = BlockingPool.openLane({ threadsMax: 2, closeGrace: 0 })
const all = { concurrency: "unbounded" } as const

const addTogether = Effect.gen(function* () {
  const [lane, mutex, counter] = [yield* openLane, yield* SharedMutex.make(), word()]
  const thread = lane.run(module.task("add"), [mutex.cell, counter, 20_000])
  const words = new Int32Array(counter)
  const fiber = Effect.forEach(
    Array.from({ length: 2_000 }),
    () => mutex.withLock(Effect.sync(() => words[0]!++)),
    { discard: true }
  )
  yield* Effect.all([thread, thread, fiber, fiber], all)
  return words[0]
})

const readWhole = Effect.gen(function* () {
  const [lane, lock] = [yield* openLane, yield* SharedReadWriteLock.make()]
  const pair = word()
  const thread = lane.run(module.task("keepEqual"), [lock.cell, pair, 10_000])
  const words = new Int32Array(pair)
  const fiber = Effect.forEach(Array.from({ length: 500 }), () =>
    lock.withRead(Effect.sync(() => Number(words[0] !== words[1])))
  )
  const [first, second, here] = yield* Effect.all([thread, thread, fiber], all)
  const isWhole = [first, second, ...here].every((wrong) => wrong === 0)
  return isWhole ? words[0] : "half done"
})

const stayWithin = Effect.gen(function* () {
  const lane = yield* openLane
  const [semaphore, inside] = [yield* SharedSemaphore.make({ permits: 1 }), word()]
  const thread = lane.run(module.task("enter"), [semaphore.cell, inside, 10_000])
  return Math.max(...(yield* Effect.all([thread, thread], all)))
})

const takeTurns = Effect.gen(function* () {
  const [lane, mutex, turn] = [yield* openLane, yield* SharedMutex.make(), word()]
  const take = (turns: readonly [number, number]) =>
    lane.run(module.task("takeTurns"), [mutex.cell, turn, turns, 2_000])
  yield* Effect.all([take([0, 1]), take([1, 0])], all)
  const barrier = yield* SharedBarrier.make({ parties: 2 })
  const meet = lane.run(module.task("meet"), [barrier.cell, 2_000])
  const [first, second] = yield* Effect.all([meet, meet], all)
  return first + second
})

/** Each starts two threads; nightly: 100. */
const endings = Number(process.env["THREAD_ENDINGS"] ?? 4)

const endAnywhere = Effect.gen(function* () {
  const lane = yield* openLane
  for (let round = 0; round < endings; round++) {
    const [mutex, begun] = [yield* SharedMutex.make(), word()]
    const one = yield* lane.submit(module.task("churn"), [mutex.cell, begun])
    const two = yield* lane.submit(module.task("churn"), [mutex.cell, begun])
    while (Atomics.load(new Int32Array(begun), 0) === 0) yield* Effect.sleep("1 millis")
    yield* one.cancel({ grace: 0 })
    // Either it had the lock just then, or the others go on.
    const ended = yield* Effect.match(mutex.withLock(Effect.void), {
      onSuccess: () => "locked",
      onFailure: ({ reason }) => reason._tag
    })
    if (ended !== "locked" && ended !== "Broken") return ended
    yield* two.cancel({ grace: 0 })
    yield* Effect.exit(mutex.withLock(Effect.void))
  }
  return "nobody"
})

/** A thread that the program started itself, with a seat for as long as the scope lasts. */
const endOwnThread = Effect.gen(function* () {
  const mutex = yield* SharedMutex.make()
  const waiting = yield* Effect.scoped(
    Effect.gen(function* () {
      const ticket = yield* ThreadSeats.open
      const thread = new Worker(new URL("./SeatedThread.ts", import.meta.url), {
        workerData: { ticket, cell: mutex.cell }
      })
      yield* Effect.promise(() => once(thread, "message"))
      const waiting = yield* Effect.forkDetach(Effect.flip(mutex.withLock(Effect.void)), {
        startImmediately: true
      })
      yield* Effect.promise(() => thread.terminate())
      return waiting
    })
  )
  return (yield* Fiber.join(waiting)).reason._tag
})

type Stress = Effect.Effect<unknown, unknown, BackendLayer.Services | Scope.Scope>

const tests: ReadonlyArray<readonly [string, unknown, Stress]> = [
  ["a mutex loses no addition of 44,000", 44_000, addTogether],
  ["readers never see what a writer has half done, 20,000 times", 5_000, readWhole],
  ["no more than the permits are inside, 20,000 times", 1, stayWithin],
  ["two threads take turns by a condition, 4,000 times, and meet 2,000 times", 2_000, takeTurns],
  ["a thread of the program's own that ends with a lock breaks it", "Broken", endOwnThread],
  ["wherever a thread is ended, nobody waits for ever", "nobody", endAnywhere]
]

export const stress = (backend: Layer.Layer<BackendLayer.Services>): void => {
  describe("shared locks between two threads and the loop", () => {
    it.each(tests)("%s", { timeout: 90_000 }, async (_, expected, effect) => {
      const running = Effect.provide(Effect.scoped(effect), backend)
      expect(await Effect.runPromise(running)).toBe(expected)
    })
  })
}
