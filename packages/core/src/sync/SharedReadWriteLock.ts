/**
 * A lock that many may have to read, or one to write; shared by fibers of a loop and threads.
 *
 * First come, first served: readers that come after a writer who waits wait as well, so writers are
 * never starved; readers that are next to each other in line read together. Ends of holders as of a
 * `SharedMutex`; of readers, too, since nobody knows that they only read.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { makeCell, openShared, type SharedOptions } from "../internal/sync/makeCell.ts"
import { Kind } from "../internal/sync/MonitorMemory.ts"
import type { SharedPermits } from "../internal/sync/SharedPermits.ts"
import type { SyncError } from "./SyncError.ts"
import type { ThreadSeats } from "./ThreadSeats.ts"

/** More than there are places, so readers never lack a permit for their number. */
const all = 1_000_000

export class SharedReadWriteLock {
  /** For threads, where `BlockingReadWriteLock` takes it. */
  readonly cell: SharedArrayBuffer
  private readonly permits: SharedPermits

  /** By `make`. */
  constructor(permits: SharedPermits) {
    this.permits = permits
    this.cell = permits.monitor.memory.words.buffer
  }

  /** Runs `effect` while others may read at most. Fails and is interrupted as a mutex's. */
  withRead<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | SyncError, R> {
    return this.permits.within("SharedReadWriteLock.withRead", 1, effect)
  }

  /** Runs `effect` while nobody else reads or writes. */
  withWrite<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | SyncError, R> {
    return this.permits.within("SharedReadWriteLock.withWrite", all, effect)
  }

  /** For this fiber until the scope ends, or `unlock`. */
  get lockRead(): Effect.Effect<void, SyncError, Scope.Scope> {
    return this.permits.keep("SharedReadWriteLock.lockRead", 1)
  }

  get lockWrite(): Effect.Effect<void, SyncError, Scope.Scope> {
    return this.permits.keep("SharedReadWriteLock.lockWrite", all)
  }

  /** Whether it may read now: not while anybody writes or waits. Never waits. */
  get tryLockRead(): Effect.Effect<boolean, SyncError, Scope.Scope> {
    return this.permits.keptIfFree("SharedReadWriteLock.tryLockRead", 1)
  }

  get tryLockWrite(): Effect.Effect<boolean, SyncError, Scope.Scope> {
    return this.permits.keptIfFree("SharedReadWriteLock.tryLockWrite", all)
  }

  /** Gives back what this fiber has, to read or to write. Fails with `NotOwner`. */
  get unlock(): Effect.Effect<void, SyncError> {
    return this.permits.giveBack("SharedReadWriteLock.unlock")
  }
}

/** A lock that nobody holds. Fails with `InvalidArgument`. */
export const make = (
  options?: SharedOptions
): Effect.Effect<SharedReadWriteLock, SyncError, ThreadSeats> =>
  Effect.map(
    makeCell("SharedReadWriteLock.make", options, {
      kind: Kind.readWriteLock,
      capacity: all,
      free: all
    }),
    (permits) => new SharedReadWriteLock(permits)
  )

/**
 * The one that a cell is of, which came from a thread. Fails with `NoSeat` for another backend's;
 * dies with a `TypeError` for another kind of lock's.
 */
export const of = (
  cell: SharedArrayBuffer
): Effect.Effect<SharedReadWriteLock, SyncError, ThreadSeats> =>
  Effect.map(
    openShared("SharedReadWriteLock.of", cell, Kind.readWriteLock),
    (permits) => new SharedReadWriteLock(permits)
  )
