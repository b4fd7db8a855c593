/** `SyncSteps` in a simulated thread: the same locks, by their effects. */
import {
  SharedBarrier,
  SharedByteRing,
  SharedMutex,
  SharedOnce,
  SharedReadWriteLock,
  SharedSemaphore,
  type SyncError,
  ThreadSeats
} from "@portico/core/sync"
import type { SimThread } from "@portico/sim/pool/SimTask"
import { isRing, pieces, ringBytes, type SyncStep } from "@portico/testkit/SyncSteps"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import { awaitWord } from "./SimWords.ts"

type Doing = Effect.Effect<unknown, SyncError.SyncError, ThreadSeats.ThreadSeats | Scope.Scope>

const addHalves = (cell: SharedArrayBuffer): Effect.Effect<void> =>
  Effect.gen(function* () {
    const words = new Int32Array(cell)
    const seen = words[0]!
    yield* Effect.yieldNow
    words[0] = seen + 1
  })

const come = (gate: SharedArrayBuffer): Effect.Effect<void> =>
  Effect.suspend(() => {
    const words = new Int32Array(gate)
    Atomics.add(words, 0, 1)
    return awaitWord(words, 1, 1)
  })

const addWord = (cell: SharedArrayBuffer) =>
  Effect.sync(() => Atomics.add(new Int32Array(cell), 0, 1))

const produce = (cell: SharedArrayBuffer, bytes: number): Doing =>
  Effect.gen(function* () {
    const ring = yield* SharedByteRing.of(cell)
    let start = 0
    for (const size of pieces(bytes)) {
      yield* ring.write(ringBytes(start, size))
      start += size
    }
    yield* ring.closeWriter
  })

const consume = (cell: SharedArrayBuffer): Doing =>
  Effect.gen(function* () {
    const ring = yield* SharedByteRing.of(cell)
    for (let start = 0; ;) {
      const chunk = yield* ring.read(1_000)
      if (Option.isNone(chunk)) {
        yield* ring.closeReader
        return start
      }
      if (!isRing(chunk.value, start)) return -1
      start += chunk.value.length
    }
  })

const take = (thread: SimThread, step: SyncStep): Doing => {
  switch (step[0]) {
    case "lock":
      return Effect.flatMap(SharedMutex.of(step[1]), (mutex) => mutex.lock)
    case "tryLock":
      return Effect.flatMap(SharedMutex.of(step[1]), (mutex) => mutex.tryLock)
    case "unlock":
      return Effect.flatMap(SharedMutex.of(step[1]), (mutex) => mutex.unlock)
    case "lockRead":
      return Effect.flatMap(SharedReadWriteLock.of(step[1]), (lock) => lock.lockRead)
    case "lockWrite":
      return Effect.flatMap(SharedReadWriteLock.of(step[1]), (lock) => lock.lockWrite)
    case "unlockEither":
      return Effect.flatMap(SharedReadWriteLock.of(step[1]), (lock) => lock.unlock)
    case "acquire":
      return Effect.flatMap(SharedSemaphore.of(step[1]), (one) => one.acquire(step[2]))
    case "release":
      return Effect.flatMap(SharedSemaphore.of(step[1]), (one) => one.release(step[2]))
    case "arrive":
      return Effect.flatMap(SharedBarrier.of(step[1]), (barrier) => barrier.arrive)
    case "once":
      return Effect.flatMap(SharedOnce.of(step[1]), (once) => once.run(addWord(step[2])))
    case "wait":
      return Effect.flatMap(SharedMutex.of(step[1]), (mutex) => mutex.condition().await)
    case "notify":
      return Effect.flatMap(SharedMutex.of(step[1]), (mutex) => mutex.condition().notify(step[2]))
    case "add":
      return addHalves(step[1])
    case "count":
      return addWord(step[1])
    case "come":
      return come(step[1])
    case "produce":
      return produce(step[1], step[2])
    case "consume":
      return consume(step[1])
    case "exit":
      return thread.exit(step[1])
  }
}

/** What each step gave. */
export const act = (
  thread: SimThread,
  steps: ReadonlyArray<SyncStep>,
  seats: Context.Service.Shape<typeof ThreadSeats.ThreadSeats>
): Effect.Effect<ReadonlyArray<unknown>> =>
  Effect.gen(function* () {
    // Never closed: what a thread does not release, nobody does.
    const scope = yield* Scope.make()
    return yield* Effect.forEach(steps, (step) =>
      Effect.match(take(thread, step), {
        onSuccess: (value) => value ?? true,
        onFailure: ({ reason }) => reason._tag
      }).pipe(
        Effect.provideService(ThreadSeats.ThreadSeats, seats),
        Effect.provideService(Scope.Scope, scope)
      )
    )
  })
