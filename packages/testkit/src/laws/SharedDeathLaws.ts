/** Laws of shared locks whose holders end: whoever waits is told, whoever comes as well. */
import {
  SharedBarrier,
  SharedMutex,
  SharedOnce,
  SharedReadWriteLock,
  SharedSemaphore
} from "@portico/core/sync"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { equals } from "../Expectation.ts"
import { lawGroup } from "../Law.ts"
import { Gate } from "../LawTasks.ts"
import { failsAs } from "../PoolLaw.ts"
import { actors, refuses, start, threadLaw } from "../SyncLaw.ts"

export const SharedDeathLaws = lawGroup("Shared locks whose holders end", [
  threadLaw("SYNC-06", "when a thread exits with a lock, who waits is told Broken", function* () {
    const mutex = yield* SharedMutex.make()
    const act = yield* actors(2)
    const [gate, come] = [new Gate(), new Gate()]
    const holder = yield* act(["lock", mutex.cell], ["come", gate.cell], ["exit", 3])
    yield* gate.awaitCount(1)
    const thread = yield* act(["come", come.cell], ["lock", mutex.cell])
    const fiber = yield* start(refuses("Broken", mutex.withLock(Effect.void)))
    yield* come.awaitCount(1)
    yield* come.open
    yield* gate.open
    yield* failsAs("WorkerExited", holder.ended)
    yield* Fiber.join(fiber)
    yield* thread.gives(true, "Broken")
    yield* refuses("Broken", mutex.tryLock)
  }),

  threadLaw("SYNC-25", "a thread that is ended with a lock leaves it Broken", function* () {
    const mutex = yield* SharedMutex.make()
    const act = yield* actors(1)
    const gate = new Gate()
    const holder = yield* act(["lock", mutex.cell], ["come", gate.cell])
    yield* gate.awaitCount(1)
    const fiber = yield* start(refuses("Broken", mutex.withLock(Effect.void)))
    yield* holder.kill
    yield* failsAs("Terminated", holder.ended)
    yield* Fiber.join(fiber)
  }),

  threadLaw(
    "SYNC-26",
    "a task that ends with a lock leaves it Broken, and its thread well",
    function* () {
      const [left, other] = [yield* SharedMutex.make(), yield* SharedMutex.make()]
      const act = yield* actors(1)
      yield* (yield* act(["lock", left.cell])).gives(true)
      yield* refuses("Broken", left.withLock(Effect.void))
      const next = yield* act(["lock", left.cell], ["lock", other.cell], ["unlock", other.cell])
      yield* next.gives("Broken", true, true)
      yield* other.withLock(Effect.void)
    }
  ),

  threadLaw("SYNC-27", "a thread that is ended while it waits leaves the line", function* () {
    const permits = yield* SharedSemaphore.make({ permits: 2 })
    const act = yield* actors(1)
    yield* permits.acquire()
    const waiting = yield* act(["acquire", permits.cell, 2])
    // The other permit is to be had until somebody is in the line. Ended while it comes there, the
    // thread may leave the lock broken.
    while (yield* Effect.scoped(permits.tryAcquire())) yield* Effect.sleep("1 millis")
    yield* waiting.kill
    const next = yield* start(permits.withPermits(2, Effect.succeed("free")))
    yield* permits.release()
    yield* equals(yield* Fiber.join(next), "free", "the permits")
  }),

  threadLaw(
    "SYNC-28",
    "every kind of shared lock is broken by the end of its holder",
    function* () {
      const lock = yield* SharedReadWriteLock.make()
      const permits = yield* SharedSemaphore.make({ permits: 3 })
      const barrier = yield* SharedBarrier.make({ parties: 2 })
      const once = yield* SharedOnce.make()
      const act = yield* actors(1)
      const gate = new Gate()
      const holder = yield* act(
        ["lockRead", lock.cell],
        ["acquire", permits.cell, 1],
        ["come", gate.cell],
        ["arrive", barrier.cell]
      )
      yield* gate.awaitCount(1)
      const writer = yield* start(refuses("Broken", lock.withWrite(Effect.void)))
      const many = yield* start(refuses("Broken", permits.withPermits(3, Effect.void)))
      yield* holder.kill
      yield* Fiber.join(writer)
      yield* Fiber.join(many)
      yield* refuses("Broken", permits.withPermits(1, Effect.void))
      // It never arrived, and nobody ran this: neither knows of the end.
      yield* equals(yield* once.run(Effect.void), true, "run")
      const arrivals = Effect.all([barrier.arrive, barrier.arrive], { concurrency: "unbounded" })
      yield* equals((yield* arrivals).filter((isLast) => isLast).length, 1, "last ones")
    }
  )
])
