/** A `SharedSemaphore` for a thread that may be blocked: no Effect, no event loop. */
import {
  blockFor,
  type BlockingOptions,
  changing,
  openCell,
  partyOf,
  tryFor
} from "../internal/sync/blocking.ts"
import { Monitor } from "../internal/sync/Monitor.ts"
import { at, Kind } from "../internal/sync/MonitorMemory.ts"
import { badPermits, releasePermits } from "../internal/sync/permits.ts"
import { SyncError } from "./SyncError.ts"

export class BlockingSemaphore {
  private readonly monitor: Monitor

  /** Of the cell of a `SharedSemaphore`. Throws a `TypeError` for another kind of lock's. */
  constructor(cell: SharedArrayBuffer) {
    this.monitor = new Monitor(openCell(cell, Kind.semaphore))
  }

  private check(operation: string, permits: number): void {
    const bad = badPermits(permits, this.monitor.memory.header(at.capacity))
    if (bad !== undefined) throw new SyncError(operation, bad)
  }

  /**
   * Blocks until it has so many at once, in the order of asking. Throws `OverMaximum` for more than
   * there can be, else as `BlockingMutex.lock`.
   */
  acquire(permits = 1, options?: BlockingOptions): void {
    const operation = "BlockingSemaphore.acquire"
    this.check(operation, permits)
    blockFor(this.monitor, operation, permits, options)
  }

  tryAcquire(permits = 1): boolean {
    const operation = "BlockingSemaphore.tryAcquire"
    this.check(operation, permits)
    return tryFor(this.monitor, operation, permits) >= 0
  }

  /** As `SharedSemaphore.release`. Throws `OverMaximum`, and then nothing has changed. */
  release(permits = 1): void {
    const operation = "BlockingSemaphore.release"
    this.check(operation, permits)
    const { monitor } = this
    const party = partyOf(monitor.memory, operation)
    changing(monitor, party, operation, () => releasePermits(monitor, party, 0, permits))
  }
}
