/** A `SharedBarrier` for a thread that may be blocked: no Effect, no event loop. */
import {
  block,
  type BlockingOptions,
  changing,
  openCell,
  partyOf,
  waitMaxMillisOf
} from "../internal/sync/blocking.ts"
import { Monitor } from "../internal/sync/Monitor.ts"
import { Kind } from "../internal/sync/MonitorMemory.ts"
import { SyncError } from "./SyncError.ts"

export class BlockingBarrier {
  private readonly monitor: Monitor

  /** Of the cell of a `SharedBarrier`. Throws a `TypeError` for another kind of lock's. */
  constructor(cell: SharedArrayBuffer) {
    this.monitor = new Monitor(openCell(cell, Kind.barrier))
  }

  /**
   * Blocks until all parties have arrived; true for the last one. Throws `TimedOut` or `Cancelled`,
   * and then it has not arrived; `Broken` when one that had arrived has died.
   */
  arrive(options?: BlockingOptions): boolean {
    const operation = "BlockingBarrier.arrive"
    const waitMaxMillis = waitMaxMillisOf(operation, options)
    const { monitor } = this
    const party = partyOf(monitor.memory, operation)
    let isLast = false
    const place = changing(monitor, party, operation, () => {
      const arrived = monitor.arrive(party, 0)
      isLast = typeof arrived === "number" && monitor.wasLast(arrived)
      return arrived
    })
    const isOver = () => monitor.pass(place)
    const failed = block({ monitor, party, place, operation, isOver }, waitMaxMillis)
    if (failed === undefined) return isLast
    let isPassed = false
    changing(monitor, party, operation, () => {
      isPassed = isOver()
      if (!isPassed) monitor.leave(party, place)
    })
    if (!isPassed) throw new SyncError(operation, failed)
    return isLast
  }
}
