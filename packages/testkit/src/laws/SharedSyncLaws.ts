/** Laws of shared read-write locks, semaphores, conditions, barriers and onces. */
import {
  SharedBarrier,
  SharedMutex,
  SharedOnce,
  SharedReadWriteLock,
  SharedSemaphore
} from "@portico/core/sync"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { equals, equalsAll } from "../Expectation.ts"
import { lawGroup } from "../Law.ts"
import { actors, joinAll, refuses, start, syncLaw, threadLaw } from "../SyncLaw.ts"

const word = () => new SharedArrayBuffer(4)
const read = (cell: SharedArrayBuffer): number => Atomics.load(new Int32Array(cell), 0)
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

export const SharedSyncLaws = lawGroup("Shared synchronisation", [
  syncLaw("SYNC-30", "readers read together, and none overtakes a writer who waits", function* () {
    const lock = yield* SharedReadWriteLock.make()
    const order: Array<string> = []
    const note = (text: string) => Effect.sync(() => void order.push(text))
    yield* lock.lockRead
    yield* lock.withRead(note("beside")).pipe(start, Effect.flatMap(Fiber.join))
    const writer = yield* start(lock.withWrite(note("write")))
    const readers = yield* Effect.forEach([1, 2], () => start(lock.withRead(note("read"))))
    yield* equals(yield* start(lock.tryLockRead).pipe(Effect.flatMap(Fiber.join)), false, "late")
    yield* lock.unlock
    yield* joinAll([writer, ...readers])
    yield* equalsAll(order, ["beside", "write", "read", "read"], "order")
    yield* refuses("NotOwner", lock.unlock)
  }),

  syncLaw("SYNC-05", "a semaphore over its maximum is OverMaximum, and unchanged", function* () {
    const semaphore = yield* SharedSemaphore.make({ permits: 1, permitsMax: 2 })
    yield* semaphore.release(1)
    yield* refuses("OverMaximum", semaphore.release(1))
    yield* refuses("OverMaximum", semaphore.acquire(3))
    yield* semaphore.acquire(2)
    yield* equals(yield* semaphore.tryAcquire(1), false, "a third one")
    yield* semaphore.release(1)
    yield* equals(yield* semaphore.tryAcquire(1), true, "one that was given back")
    yield* refuses("InvalidArgument", semaphore.acquire(0))
  }),

  syncLaw("SYNC-31", "who waits for many permits is not starved by who wants few", function* () {
    const semaphore = yield* SharedSemaphore.make({ permits: 2 })
    const order: Array<number> = []
    const note = (number: number) => Effect.sync(() => void order.push(number))
    yield* semaphore.acquire(1)
    const many = yield* start(semaphore.withPermits(2, note(2)))
    const few = yield* start(semaphore.withPermits(1, note(1)))
    yield* semaphore.release(1)
    yield* joinAll([many, few])
    yield* equalsAll(order, [2, 1], "order")
  }),

  threadLaw("SYNC-32", "a thread signals another by permits that it adds", function* () {
    const semaphore = yield* SharedSemaphore.make({ permits: 0, permitsMax: 5 })
    const act = yield* actors(1)
    const waiting = yield* start(semaphore.withPermits(3, Effect.succeed("signalled")))
    const thread = yield* act(
      ["release", semaphore.cell, 2],
      ["release", semaphore.cell, 1],
      ["release", semaphore.cell, 5]
    )
    yield* thread.gives(true, true, "OverMaximum")
    yield* equals(yield* Fiber.join(waiting), "signalled", "waiter")
  }),

  syncLaw("SYNC-33", "notified ones have the lock again, in the order of waiting", function* () {
    const mutex = yield* SharedMutex.make()
    const condition = mutex.condition()
    const order: Array<number> = []
    const wait = (number: number) =>
      mutex.withLock(
        Effect.andThen(
          condition.await,
          Effect.sync(() => void order.push(number))
        )
      )
    const fibers = yield* Effect.forEach(numbers(4), (number) => start(wait(number)))
    yield* refuses("NotOwner", condition.notify())
    yield* refuses("NotOwner", condition.await)
    const notify = (count: number) => mutex.withLock(condition.notify(count))
    yield* equals(yield* notify(1), 1, "notified")
    yield* Fiber.join(fibers[0]!)
    yield* equals(yield* mutex.withLock(condition.notifyAll), 3, "notified")
    yield* joinAll(fibers)
    yield* equalsAll(order, [0, 1, 2, 3], "order")
    yield* equals(yield* notify(1), 0, "notified when nobody waits")
  }),

  syncLaw("SYNC-34", "who is interrupted as he is notified leaves that to the next", function* () {
    const mutex = yield* SharedMutex.make()
    const condition = mutex.condition()
    let isLocked = false
    // Whoever is interrupted has the lock again while its finalizers run.
    const wait = mutex.withLock(
      Effect.ensuring(
        condition.await,
        Effect.map(Effect.exit(mutex.withLock(Effect.void)), ({ _tag }) => {
          isLocked = _tag === "Failure"
        })
      )
    )
    const first = yield* start(wait)
    const second = yield* start(wait)
    yield* mutex.withLock(condition.notify(1))
    yield* Fiber.interrupt(first)
    yield* Fiber.join(second)
    yield* equals(isLocked, true, "the lock of who was interrupted")
    yield* mutex.withLock(Effect.void)
  }),

  threadLaw("SYNC-35", "threads wait for a condition that a fiber makes true", function* () {
    const mutex = yield* SharedMutex.make()
    const act = yield* actors(2)
    const order = word()
    const steps = [
      ["lock", mutex.cell],
      ["wait", mutex.cell],
      ["count", order],
      ["unlock", mutex.cell]
    ] as const
    const threads = [yield* act(...steps), yield* act(...steps)]
    let notified = 0
    while (notified < 2) {
      notified += yield* mutex.withLock(mutex.condition().notify(1))
      yield* Effect.sleep("1 millis")
    }
    const given = yield* Effect.forEach(threads, (thread) => thread.ended)
    yield* equalsAll(
      given.map((one) => one[1]),
      [true, true],
      "waited"
    )
    yield* equalsAll(
      given.map((one) => Number(one[2])).sort((a, b) => a - b),
      [0, 1],
      "order"
    )
  }),

  threadLaw("SYNC-36", "a barrier holds all until the last, again and again", function* () {
    const barrier = yield* SharedBarrier.make({ parties: 3 })
    const act = yield* actors(2)
    const before = word()
    const steps = [
      ["count", before],
      ["arrive", barrier.cell],
      ["arrive", barrier.cell]
    ] as const
    const threads = [yield* act(...steps), yield* act(...steps)]
    const first = yield* barrier.arrive
    yield* equals(read(before), 2, "those that came before")
    const second = yield* barrier.arrive
    const given = yield* Effect.forEach(threads, (thread) => thread.ended)
    const last = (step: number) => given.filter((one) => one[step] === true).length
    yield* equals(last(1) + Number(first), 1, "last ones of the first round")
    yield* equals(last(2) + Number(second), 1, "last ones of the second round")
  }),

  syncLaw("SYNC-37", "who is interrupted at a barrier has not arrived", function* () {
    const barrier = yield* SharedBarrier.make({ parties: 2 })
    yield* Fiber.interrupt(yield* start(barrier.arrive))
    const next = yield* start(barrier.arrive)
    yield* equals(yield* barrier.arrive, true, "last")
    yield* equals(yield* Fiber.join(next), false, "last")
    yield* refuses("InvalidArgument", SharedBarrier.make({ parties: 0 }))
  }),

  threadLaw("SYNC-38", "what is done once is done once, whoever comes", function* () {
    const once = yield* SharedOnce.make()
    const act = yield* actors(2)
    const times = word()
    const run = [["once", once.cell, times] as const, ["once", once.cell, times] as const]
    const threads = [yield* act(...run), yield* act(...run)]
    const here = yield* once.run(Effect.sync(() => Atomics.add(new Int32Array(times), 0, 1)))
    const given = yield* Effect.forEach(threads, (thread) => thread.ended)
    const ran = [...given.flat(), here].filter((isRun) => isRun === true)
    yield* equals(ran.length, 1, "those that say that they ran it")
    yield* equals(read(times), 1, "times")
    yield* equals(yield* once.isDone, true, "done")
  }),

  syncLaw("SYNC-39", "what failed was not done, and the next one does it", function* () {
    const once = yield* SharedOnce.make()
    const failing = once.run(Effect.andThen(Effect.yieldNow, Effect.fail("no")))
    const told = Effect.match(failing, { onSuccess: () => "it was run", onFailure: String })
    const first = yield* start(told)
    const second = yield* start(once.run(Effect.void))
    yield* equals(yield* Fiber.join(first), "no", "failure")
    yield* equals(yield* Fiber.join(second), true, "run")
    yield* equals(yield* once.run(Effect.void), false, "run again")
  })
])
