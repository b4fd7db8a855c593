/** A condition of a `SharedMutex`: waiting for a change that other holders of the lock make. */
import * as Effect from "effect/Effect"
import { conditionsMax } from "../internal/sync/MonitorMemory.ts"
import type { Engagement, SharedPermits } from "../internal/sync/SharedPermits.ts"
import { SyncError } from "./SyncError.ts"
import { outside } from "./SyncReason.ts"

export class SharedCondition {
  private readonly permits: SharedPermits
  private readonly index: number

  /** By `SharedMutex.condition`. */
  constructor(permits: SharedPermits, index: number) {
    const bad = outside("index", index, 0, conditionsMax - 1)
    if (bad !== undefined) throw new SyncError("SharedMutex.condition", bad)
    this.permits = permits
    this.index = index
  }

  /**
   * Unlocks, waits until it is notified, and locks again. Who is notified stands in line for the
   * lock, so look again whether what you waited for is so.
   *
   * Fails with `NotOwner` in a fiber that has not locked it, and with `Broken`. Interrupted, it
   * locks again before it ends, and a notification that came meanwhile is the next one's; whoever
   * is interrupted as it comes to its end counts as notified.
   */
  get await(): Effect.Effect<void, SyncError> {
    const operation = "SharedCondition.await"
    const { index, permits } = this
    const { monitor } = permits
    return Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(permits.engage(operation), (one) => {
        const { fiberId, party } = one
        const wait = permits.changing(party, operation, () => {
          const place = monitor.wait(party, fiberId, index)
          if (typeof place === "number") one.place = place
          return place
        })
        const isOver = () => monitor.take(party, one.place)
        const notified = Effect.flatMap(wait, () =>
          Effect.onInterrupt(restore(permits.waiting(party, operation, isOver)), () =>
            this.lockAgain(one)
          )
        )
        const passOn = permits.changing(party, operation, () => {
          if (!monitor.isBroken) monitor.requeueFirst(index, 1)
        })
        // An interruption that came meanwhile is seen here, with the lock.
        const seen = Effect.onInterrupt(restore(Effect.void), () => Effect.ignore(passOn))
        return Effect.andThen(notified, seen)
      })
    )
  }

  // Whoever was interrupted counts on having the lock, and does not count as notified.
  private lockAgain({ party, place }: Engagement): Effect.Effect<void> {
    const { index, permits } = this
    const { monitor } = permits
    const operation = "SharedCondition.await"
    const stopWaiting = permits.changing(party, operation, () => {
      if (!monitor.isBroken && !monitor.unwait(place)) monitor.requeueFirst(index, 1)
    })
    // It may have been interrupted as it was told that it has the lock.
    const isOver = () => monitor.isHeld(place) || monitor.take(party, place)
    const locked = Effect.andThen(stopWaiting, permits.waiting(party, operation, isOver))
    // Broken: there is no lock to have.
    return Effect.ignore(locked)
  }

  /** Lets up to `count` of those who wait here stand in line for the lock; how many. `NotOwner`. */
  notify(count = 1): Effect.Effect<number, SyncError> {
    const operation = "SharedCondition.notify"
    const { index, permits } = this
    const { monitor } = permits
    return Effect.flatMap(permits.engage(operation), ({ fiberId, party }) =>
      permits.changing(party, operation, () => monitor.notify(party, fiberId, index, count))
    )
  }

  get notifyAll(): Effect.Effect<number, SyncError> {
    return this.notify(Infinity)
  }
}
