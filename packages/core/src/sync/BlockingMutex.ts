/**
 * A `SharedMutex` for a thread that may be blocked: no Effect, no event loop.
 *
 * One instance a thread is enough, and any number are one lock. The thread needs a seat
 * (`ThreadSeat`), as the threads of lanes have; without one everything throws `NoSeat`.
 */
import {
  blockFor,
  type BlockingOptions,
  giveBack,
  openCell,
  tryFor
} from "../internal/sync/blocking.ts"
import { Monitor } from "../internal/sync/Monitor.ts"
import { Kind } from "../internal/sync/MonitorMemory.ts"
import { BlockingCondition } from "./BlockingCondition.ts"

export class BlockingMutex {
  private readonly monitor: Monitor

  /** Of the cell of a `SharedMutex`. Throws a `TypeError` for another kind of lock's. */
  constructor(cell: SharedArrayBuffer) {
    this.monitor = new Monitor(openCell(cell, Kind.mutex))
  }

  /**
   * Blocks until it is this thread's, in the order of asking. Throws a `SyncError`: `TimedOut`,
   * `Cancelled` when the task was asked to stop, `Broken`, `AlreadyOwner`, `TooManyWaiters`.
   */
  lock(options?: BlockingOptions): void {
    blockFor(this.monitor, "BlockingMutex.lock", 1, options)
  }

  /** Whether it is this thread's now: not when anybody holds it or waits for it. */
  tryLock(): boolean {
    return tryFor(this.monitor, "BlockingMutex.tryLock", 1) >= 0
  }

  /** Hands it to who waits longest. Throws `NotOwner`. */
  unlock(): void {
    giveBack(this.monitor, "BlockingMutex.unlock")
  }

  /** Runs `body` with the lock, and unlocks it however that ends. */
  withLock<A>(body: () => A, options?: BlockingOptions): A {
    this.lock(options)
    try {
      return body()
    } finally {
      this.unlock()
    }
  }

  /** One of its conditions, 0 to 7: the same one in all threads. Throws `InvalidArgument`. */
  condition(index = 0): BlockingCondition {
    return new BlockingCondition(this.monitor, index)
  }
}
