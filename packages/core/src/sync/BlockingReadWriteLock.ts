/** A `SharedReadWriteLock` for a thread that may be blocked: no Effect, no event loop. */
import {
  blockFor,
  type BlockingOptions,
  giveBack,
  openCell,
  tryFor
} from "../internal/sync/blocking.ts"
import { Monitor } from "../internal/sync/Monitor.ts"
import { at, Kind } from "../internal/sync/MonitorMemory.ts"

export class BlockingReadWriteLock {
  private readonly monitor: Monitor

  /** Of the cell of a `SharedReadWriteLock`. Throws a `TypeError` for another kind of lock's. */
  constructor(cell: SharedArrayBuffer) {
    this.monitor = new Monitor(openCell(cell, Kind.readWriteLock))
  }

  private get all(): number {
    return this.monitor.memory.header(at.capacity)
  }

  /** Blocks until this thread may read. Throws as `BlockingMutex.lock`. */
  lockRead(options?: BlockingOptions): void {
    blockFor(this.monitor, "BlockingReadWriteLock.lockRead", 1, options)
  }

  /** Blocks until this thread alone may read and write. Throws as `BlockingMutex.lock`. */
  lockWrite(options?: BlockingOptions): void {
    blockFor(this.monitor, "BlockingReadWriteLock.lockWrite", this.all, options)
  }

  tryLockRead(): boolean {
    return tryFor(this.monitor, "BlockingReadWriteLock.tryLockRead", 1) >= 0
  }

  tryLockWrite(): boolean {
    return tryFor(this.monitor, "BlockingReadWriteLock.tryLockWrite", this.all) >= 0
  }

  /** Gives back what it has, to read or to write. Throws `NotOwner`. */
  unlock(): void {
    giveBack(this.monitor, "BlockingReadWriteLock.unlock")
  }

  /** Runs `body` while others may read at most. */
  withRead<A>(body: () => A, options?: BlockingOptions): A {
    this.lockRead(options)
    try {
      return body()
    } finally {
      this.unlock()
    }
  }

  /** Runs `body` while nobody else reads or writes. */
  withWrite<A>(body: () => A, options?: BlockingOptions): A {
    this.lockWrite(options)
    try {
      return body()
    } finally {
      this.unlock()
    }
  }
}
