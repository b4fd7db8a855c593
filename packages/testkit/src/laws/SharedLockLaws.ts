/** Laws of the shared mutex, between fibers and threads. */
import { SharedMutex } from "@portico/core/sync"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { equals, equalsAll, isTrue } from "../Expectation.ts"
import { lawGroup } from "../Law.ts"
import { Gate } from "../LawTasks.ts"
import { actors, joinAll, refuses, start, syncLaw, threadLaw } from "../SyncLaw.ts"

const word = () => new SharedArrayBuffer(4)
const read = (cell: SharedArrayBuffer): number => Atomics.load(new Int32Array(cell), 0)
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

export const SharedLockLaws = lawGroup("Shared locks", [
  syncLaw("SYNC-01", "a lock goes to who waits longest, and nobody overtakes", function* () {
    const mutex = yield* SharedMutex.make()
    const order: Array<number> = []
    const note = (number: number) => Effect.sync(() => void order.push(number))
    yield* mutex.lock
    const fibers = yield* Effect.forEach(numbers(5), (number) =>
      start(mutex.withLock(note(number)))
    )
    yield* mutex.unlock
    // It is the first one's already, though nobody has got to run.
    yield* equals(yield* mutex.tryLock, false, "taken by who came last")
    const late = yield* start(mutex.withLock(note(5)))
    yield* joinAll([...fibers, late])
    yield* equalsAll(order, [0, 1, 2, 3, 4, 5], "order")
  }),

  syncLaw("SYNC-02", "who is interrupted just as it is handed a lock passes it on", function* () {
    const mutex = yield* SharedMutex.make()
    yield* mutex.lock
    const first = yield* start(mutex.withLock(Effect.void))
    const second = yield* start(mutex.withLock(Effect.succeed("second")))
    yield* mutex.unlock
    yield* Fiber.interrupt(first)
    yield* isTrue(Exit.hasInterrupts(yield* Fiber.await(first)), "The first was interrupted")
    yield* equals(yield* Fiber.join(second), "second", "the next one")
  }),

  syncLaw(
    "SYNC-04",
    "unlocking what one does not own is NotOwner, and changes nothing",
    function* () {
      const mutex = yield* SharedMutex.make()
      yield* refuses("NotOwner", mutex.unlock)
      yield* mutex.lock
      const other = yield* start(refuses("NotOwner", mutex.unlock))
      yield* Fiber.join(other)
      yield* equals(yield* mutex.tryLock, false, "free")
      yield* mutex.unlock
      yield* refuses("NotOwner", mutex.unlock)
    }
  ),

  syncLaw("SYNC-20", "locking what one has is AlreadyOwner, instead of for ever", function* () {
    const mutex = yield* SharedMutex.make()
    yield* mutex.withLock(refuses("AlreadyOwner", mutex.withLock(Effect.void)))
    yield* mutex.withLock(Effect.void)
  }),

  syncLaw("SYNC-21", "wherever waiters are interrupted, the lock goes on", function* () {
    const mutex = yield* SharedMutex.make()
    let inside = 0
    const hold = mutex.withLock(
      Effect.gen(function* () {
        inside++
        yield* equals(inside, 1, "inside at once")
        yield* Effect.ensuring(
          Effect.yieldNow,
          Effect.sync(() => inside--)
        )
      })
    )
    for (const steps of numbers(12)) {
      const fibers = yield* Effect.forEach(numbers(6), () => start(hold))
      for (const _ of numbers(steps)) yield* Effect.yieldNow
      yield* Effect.forEach([0, 2, 3], (index) => Fiber.interrupt(fibers[index]!))
      yield* joinAll([fibers[1]!, fibers[4]!, fibers[5]!])
    }
    yield* equals(yield* mutex.tryLock, true, "free in the end")
  }),

  syncLaw("SYNC-22", "a lock has as many places as it was given", function* () {
    const mutex = yield* SharedMutex.make({ waitersMax: 2 })
    yield* mutex.lock
    const waiting = yield* start(mutex.withLock(Effect.void))
    yield* refuses(
      "TooManyWaiters",
      start(mutex.withLock(Effect.void)).pipe(Effect.flatMap(Fiber.join))
    )
    yield* mutex.unlock
    yield* Fiber.join(waiting)
    yield* refuses("InvalidArgument", SharedMutex.make({ waitersMax: 0 }))
  }),

  threadLaw("SYNC-23", "threads and fibers exclude each other", function* () {
    const mutex = yield* SharedMutex.make()
    const act = yield* actors(2)
    const cell = word()
    const once = [
      ["lock", mutex.cell],
      ["add", cell],
      ["unlock", mutex.cell]
    ] as const
    const steps = numbers(60).flatMap(() => once)
    const threads = [yield* act(...steps), yield* act(...steps)]
    const words = new Int32Array(cell)
    const addHalves = Effect.gen(function* () {
      const seen = words[0]!
      yield* Effect.yieldNow
      words[0] = seen + 1
    })
    const fiber = Effect.forEach(numbers(60), () => mutex.withLock(addHalves), { discard: true })
    yield* joinAll([yield* start(fiber), yield* start(fiber)])
    yield* Effect.forEach(threads, (thread) => thread.ended)
    yield* equals(read(cell), 240, "additions that were seen")
  }),

  threadLaw("SYNC-24", "a lock goes from threads to fibers and back, in line", function* () {
    const mutex = yield* SharedMutex.make()
    const act = yield* actors(2)
    const [order, gate, tried] = [word(), new Gate(), new Gate()]
    const holder = yield* act(["lock", mutex.cell], ["come", gate.cell], ["unlock", mutex.cell])
    yield* gate.awaitCount(1)
    const count = Effect.sync(() => Atomics.add(new Int32Array(order), 0, 1))
    const first = yield* start(mutex.withLock(count))
    yield* equals(yield* mutex.tryLock, false, "taken by who came last")
    const thread = yield* act(
      ["tryLock", mutex.cell],
      ["unlock", mutex.cell],
      ["come", tried.cell],
      ["lock", mutex.cell],
      ["count", order],
      ["unlock", mutex.cell]
    )
    yield* tried.awaitCount(1)
    yield* tried.open
    yield* gate.open
    yield* holder.gives(true, true, true)
    yield* equals(yield* Fiber.join(first), 0, "who was first")
    yield* thread.gives(false, "NotOwner", true, true, 1, true)
  })
])
