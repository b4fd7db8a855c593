/**
 * Where fibers of a loop and threads wait for each other: so many, again and again.
 *
 * A thread that ends while it waits there leaves the barrier `Broken`: the others would wait for
 * ever. One that ends before it arrives is not known; bound the wait.
 */
import * as Effect from "effect/Effect"
import { makeCell, openShared, type SharedOptions } from "../internal/sync/makeCell.ts"
import { Kind } from "../internal/sync/MonitorMemory.ts"
import type { SharedPermits } from "../internal/sync/SharedPermits.ts"
import type { SyncError } from "./SyncError.ts"
import { outside } from "./SyncReason.ts"
import type { ThreadSeats } from "./ThreadSeats.ts"

export interface BarrierOptions extends SharedOptions {
  /** How many have to arrive, 1 to `waitersMax`. */
  readonly parties: number
}

export class SharedBarrier {
  /** For threads, where `BlockingBarrier` takes it. */
  readonly cell: SharedArrayBuffer
  private readonly permits: SharedPermits

  /** By `make`. */
  constructor(permits: SharedPermits) {
    this.permits = permits
    this.cell = permits.monitor.memory.words.buffer
  }

  /**
   * Waits until all parties have arrived; true for the last one alone. Fails with `Broken`.
   * Interrupted before the last one came, it has not arrived.
   */
  get arrive(): Effect.Effect<boolean, SyncError> {
    const operation = "SharedBarrier.arrive"
    const { permits } = this
    const { monitor } = permits
    return Effect.flatMap(permits.engage(operation), (one) => {
      const { fiberId, party } = one
      const arrive = permits.changing(party, operation, () => {
        const place = monitor.arrive(party, fiberId)
        if (typeof place !== "number") return place
        one.place = place
        return monitor.wasLast(place)
      })
      const isOver = () => {
        if (!monitor.pass(one.place)) return false
        one.place = -1
        return true
      }
      const arrived = Effect.flatMap(arrive, (isLast) =>
        Effect.as(isOver() ? Effect.void : permits.waiting(party, operation, isOver), isLast)
      )
      return Effect.onExit(arrived, () => permits.leave(one))
    })
  }
}

/** Fails with `InvalidArgument`. */
export const make = (
  options: BarrierOptions
): Effect.Effect<SharedBarrier, SyncError, ThreadSeats> => {
  const { parties, waitersMax = Math.max(256, parties) } = options
  const bad = outside("parties", parties, 1, 10_000) ?? outside("parties", parties, 1, waitersMax)
  const facts = { kind: Kind.barrier, capacity: parties, free: 0 }
  return Effect.map(
    makeCell("SharedBarrier.make", { waitersMax }, facts, bad),
    (permits) => new SharedBarrier(permits)
  )
}

/**
 * The one that a cell is of, which came from a thread. Fails with `NoSeat` for another backend's;
 * dies with a `TypeError` for another kind of lock's.
 */
export const of = (cell: SharedArrayBuffer): Effect.Effect<SharedBarrier, SyncError, ThreadSeats> =>
  Effect.map(
    openShared("SharedBarrier.of", cell, Kind.barrier),
    (permits) => new SharedBarrier(permits)
  )
