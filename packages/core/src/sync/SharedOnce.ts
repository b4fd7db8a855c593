/** Something that is done once, by whichever fiber or thread comes first. */
import * as Effect from "effect/Effect"
import { makeCell, openShared, type SharedOptions } from "../internal/sync/makeCell.ts"
import { at, Kind } from "../internal/sync/MonitorMemory.ts"
import type { SharedPermits } from "../internal/sync/SharedPermits.ts"
import type { SyncError } from "./SyncError.ts"
import type { ThreadSeats } from "./ThreadSeats.ts"

export class SharedOnce {
  /** For threads, where `BlockingOnce` takes it. */
  readonly cell: SharedArrayBuffer
  private readonly permits: SharedPermits

  /** By `make`. */
  constructor(permits: SharedPermits) {
    this.permits = permits
    this.cell = permits.monitor.memory.words.buffer
  }

  get isDone(): Effect.Effect<boolean> {
    return Effect.sync(() => this.permits.monitor.memory.header(at.done) === 1)
  }

  /**
   * Runs `effect` unless it was run, here or elsewhere, and waits while another one runs it. True
   * when this call ran it. When `effect` fails or is interrupted, it counts as not run, and the one
   * that waits longest runs its own. Fails with `Broken` when a thread ended in the midst of it.
   */
  run<E, R>(effect: Effect.Effect<unknown, E, R>): Effect.Effect<boolean, E | SyncError, R> {
    const { memory } = this.permits.monitor
    const ifStillNot = Effect.flatMap(this.isDone, (isDone) =>
      isDone
        ? Effect.succeed(false)
        : Effect.map(effect, () => {
            memory.setHeader(at.done, 1)
            return true
          })
    )
    return Effect.flatMap(this.isDone, (isDone) =>
      isDone ? Effect.succeed(false) : this.permits.within("SharedOnce.run", 1, ifStillNot)
    )
  }
}

/** Something that is still to be done. Fails with `InvalidArgument`. */
export const make = (options?: SharedOptions): Effect.Effect<SharedOnce, SyncError, ThreadSeats> =>
  Effect.map(
    makeCell("SharedOnce.make", options, { kind: Kind.once, capacity: 1, free: 1 }),
    (permits) => new SharedOnce(permits)
  )

/**
 * The one that a cell is of, which came from a thread. Fails with `NoSeat` for another backend's;
 * dies with a `TypeError` for another kind of lock's.
 */
export const of = (cell: SharedArrayBuffer): Effect.Effect<SharedOnce, SyncError, ThreadSeats> =>
  Effect.map(openShared("SharedOnce.of", cell, Kind.once), (permits) => new SharedOnce(permits))
