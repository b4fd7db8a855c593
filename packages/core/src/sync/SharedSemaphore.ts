/**
 * Permits that fibers of a loop and threads share.
 *
 * First come, first served: one who waits for many holds up those behind who want few. Permits that
 * were acquired are their holder's until released, and the end of a thread that has some leaves the
 * semaphore `Broken`. Releasing more than one has adds new permits, up to the maximum: so one
 * thread can signal another.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { makeCell, openShared, type SharedOptions } from "../internal/sync/makeCell.ts"
import { at, Kind } from "../internal/sync/MonitorMemory.ts"
import { badPermits, permitsMaxMax } from "../internal/sync/permits.ts"
import type { SharedPermits } from "../internal/sync/SharedPermits.ts"
import { SyncError } from "./SyncError.ts"
import { outside } from "./SyncReason.ts"
import type { ThreadSeats } from "./ThreadSeats.ts"

export interface SemaphoreOptions extends SharedOptions {
  /** Permits that are free at first, 0 to `permitsMax`. */
  readonly permits: number
  /** Permits that there may ever be, 1 to 1,000,000. Default: `permits`. */
  readonly permitsMax?: number | undefined
}

export class SharedSemaphore {
  /** For threads, where `BlockingSemaphore` takes it. */
  readonly cell: SharedArrayBuffer
  private readonly shared: SharedPermits

  /** By `make`. */
  constructor(shared: SharedPermits) {
    this.shared = shared
    this.cell = shared.monitor.memory.words.buffer
  }

  private checked<A, E, R>(
    operation: string,
    permits: number,
    use: Effect.Effect<A, E, R>
  ): Effect.Effect<A, E | SyncError, R> {
    return Effect.suspend((): Effect.Effect<A, E | SyncError, R> => {
      const bad = badPermits(permits, this.shared.monitor.memory.header(at.capacity))
      return bad === undefined ? use : Effect.fail(new SyncError(operation, bad))
    })
  }

  /**
   * Runs `effect` with so many permits. Fails with `OverMaximum` for more than there can be, with
   * `Broken`, `TooManyWaiters`, `InvalidArgument`. Interrupted while it waits, it leaves the line.
   */
  withPermits<A, E, R>(
    permits: number,
    effect: Effect.Effect<A, E, R>
  ): Effect.Effect<A, E | SyncError, R> {
    const operation = "SharedSemaphore.withPermits"
    return this.checked(operation, permits, this.shared.within(operation, permits, effect))
  }

  /** For this fiber until the scope ends, or `release`. Fails as `withPermits`. */
  acquire(permits = 1): Effect.Effect<void, SyncError, Scope.Scope> {
    const operation = "SharedSemaphore.acquire"
    return this.checked(operation, permits, this.shared.keep(operation, permits))
  }

  /** Whether there are so many now, and nobody waits. Never waits. */
  tryAcquire(permits = 1): Effect.Effect<boolean, SyncError, Scope.Scope> {
    const operation = "SharedSemaphore.tryAcquire"
    return this.checked(operation, permits, this.shared.keptIfFree(operation, permits))
  }

  /**
   * Gives back permits that this fiber has; beyond them, adds new ones. Fails with `OverMaximum`
   * when there would be more than `permitsMax`, and then nothing has changed.
   */
  release(permits = 1): Effect.Effect<void, SyncError> {
    const operation = "SharedSemaphore.release"
    return this.checked(operation, permits, this.shared.giveSome(operation, permits))
  }
}

/** Fails with `InvalidArgument`. */
export const make = (
  options: SemaphoreOptions
): Effect.Effect<SharedSemaphore, SyncError, ThreadSeats> => {
  const { permits, permitsMax = permits } = options
  const bad =
    outside("permitsMax", permitsMax, 1, permitsMaxMax) ??
    outside("permits", permits, 0, permitsMax)
  const facts = { kind: Kind.semaphore, capacity: permitsMax, free: permits }
  return Effect.map(
    makeCell("SharedSemaphore.make", options, facts, bad),
    (shared) => new SharedSemaphore(shared)
  )
}

/**
 * The one that a cell is of, which came from a thread. Fails with `NoSeat` for another backend's;
 * dies with a `TypeError` for another kind of lock's.
 */
export const of = (
  cell: SharedArrayBuffer
): Effect.Effect<SharedSemaphore, SyncError, ThreadSeats> =>
  Effect.map(
    openShared("SharedSemaphore.of", cell, Kind.semaphore),
    (permits) => new SharedSemaphore(permits)
  )
