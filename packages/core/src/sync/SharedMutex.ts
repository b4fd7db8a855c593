/**
 * A lock that fibers of a loop and threads share.
 *
 * First come, first served: an unlock hands it to who waits longest, and nobody overtakes, not even
 * by `tryLock`. On the loop waiting suspends a fiber; threads block (`BlockingMutex`).
 *
 * Who ends while he holds it leaves it `Broken` for good: a thread that was terminated or that
 * exited, a task that returned without unlocking. Whoever waits is told, and whoever comes. (A
 * fiber cannot: what it holds is released when it ends.) So may a thread that is terminated in the
 * microsecond in which it locks or unlocks: it may have half changed the lock. POSIX:
 * `PTHREAD_MUTEX_ROBUST`.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { makeCell, openShared, type SharedOptions } from "../internal/sync/makeCell.ts"
import { Kind } from "../internal/sync/MonitorMemory.ts"
import type { SharedPermits } from "../internal/sync/SharedPermits.ts"
import { SharedCondition } from "./SharedCondition.ts"
import type { SyncError } from "./SyncError.ts"
import type { ThreadSeats } from "./ThreadSeats.ts"

export class SharedMutex {
  /** For threads, where `BlockingMutex` takes it: may be posted, and passed to tasks. */
  readonly cell: SharedArrayBuffer
  private readonly permits: SharedPermits

  /** By `make`. */
  constructor(permits: SharedPermits) {
    this.permits = permits
    this.cell = permits.monitor.memory.words.buffer
  }

  /**
   * Runs `effect` with the lock, and unlocks it however that ends. Fails with `Broken`, with
   * `AlreadyOwner` in a fiber that holds it, with `TooManyWaiters`. Interrupted while it waits, it
   * leaves the line; just as it is handed the lock, it passes that on.
   */
  withLock<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | SyncError, R> {
    return this.permits.within("SharedMutex.withLock", 1, effect)
  }

  /** Locks it for this fiber until the scope ends, or `unlock`. Fails as `withLock`. */
  get lock(): Effect.Effect<void, SyncError, Scope.Scope> {
    return this.permits.keep("SharedMutex.lock", 1)
  }

  /** Whether it is this fiber's now: not while anybody holds it or waits for it. Never waits. */
  get tryLock(): Effect.Effect<boolean, SyncError, Scope.Scope> {
    return this.permits.keptIfFree("SharedMutex.tryLock", 1)
  }

  /** Hands it to who waits longest. Fails with `NotOwner` in a fiber that does not hold it. */
  get unlock(): Effect.Effect<void, SyncError> {
    return this.permits.giveBack("SharedMutex.unlock")
  }

  /** One of its conditions, 0 to 7: the same in all threads. Throws a `SyncError` for others. */
  condition(index = 0): SharedCondition {
    return new SharedCondition(this.permits, index)
  }
}

/** A lock that nobody holds. Fails with `InvalidArgument`. */
export const make = (options?: SharedOptions): Effect.Effect<SharedMutex, SyncError, ThreadSeats> =>
  Effect.map(
    makeCell("SharedMutex.make", options, { kind: Kind.mutex, capacity: 1, free: 1 }),
    (permits) => new SharedMutex(permits)
  )

/**
 * The one that a cell is of, which came from a thread. Fails with `NoSeat` for another backend's;
 * dies with a `TypeError` for another kind of lock's.
 */
export const of = (cell: SharedArrayBuffer): Effect.Effect<SharedMutex, SyncError, ThreadSeats> =>
  Effect.map(openShared("SharedMutex.of", cell, Kind.mutex), (permits) => new SharedMutex(permits))
