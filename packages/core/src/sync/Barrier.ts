/** Where fibers wait for each other: so many, again and again. Among threads: `SharedBarrier`. */
import * as Effect from "effect/Effect"
import { FiberLine, Waiter } from "../internal/sync/FiberLine.ts"
import { SyncError } from "./SyncError.ts"
import { outside } from "./SyncReason.ts"

export class Barrier {
  /** How many have to arrive. */
  readonly parties: number
  private readonly line = new FiberLine<void>()

  /** By `make`. */
  constructor(parties: number) {
    this.parties = parties
  }

  /** How many have arrived and wait. */
  get waiting(): Effect.Effect<number> {
    return Effect.sync(() => this.line.waiting.size)
  }

  /**
   * Waits until all parties have arrived; true for the last one alone. Interrupted before that, it
   * has not arrived.
   */
  get arrive(): Effect.Effect<boolean> {
    return Effect.suspend(() => {
      const { line, parties } = this
      if (line.waiting.size === parties - 1) {
        line.endAll("granted")
        return Effect.succeed(true)
      }
      const waiter = new Waiter<void>(undefined, 0)
      line.enter(waiter)
      return Effect.as(
        Effect.onInterrupt(line.awaitEnd(waiter), () => Effect.sync(() => line.leave(waiter))),
        false
      )
    })
  }
}

/** Of 1 to 1,000,000 parties. Fails with `InvalidArgument`. */
export const make = (parties: number): Effect.Effect<Barrier, SyncError> =>
  Effect.suspend(() => {
    const bad = outside("parties", parties, 1, 1_000_000)
    return bad === undefined
      ? Effect.succeed(new Barrier(parties))
      : Effect.fail(new SyncError("Barrier.make", bad))
  })
