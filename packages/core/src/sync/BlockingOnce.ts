/** A `SharedOnce` for a thread that may be blocked: no Effect, no event loop. */
import {
  blockFor,
  type BlockingOptions,
  changing,
  openCell,
  partyOf
} from "../internal/sync/blocking.ts"
import { Monitor } from "../internal/sync/Monitor.ts"
import { at, Kind } from "../internal/sync/MonitorMemory.ts"

export class BlockingOnce {
  private readonly monitor: Monitor

  /** Of the cell of a `SharedOnce`. Throws a `TypeError` for another kind of lock's. */
  constructor(cell: SharedArrayBuffer) {
    this.monitor = new Monitor(openCell(cell, Kind.once))
  }

  get isDone(): boolean {
    return this.monitor.memory.header(at.done) === 1
  }

  /**
   * Runs `body` unless it was run, here or elsewhere, and blocks while another one runs it. True
   * when this call ran it. When `body` throws, it counts as not run. Throws as
   * `BlockingMutex.lock`.
   */
  run(body: () => void, options?: BlockingOptions): boolean {
    if (this.isDone) return false
    const operation = "BlockingOnce.run"
    const { monitor } = this
    const place = blockFor(monitor, operation, 1, options)
    const party = partyOf(monitor.memory, operation)
    try {
      if (this.isDone) return false
      body()
      monitor.memory.setHeader(at.done, 1)
      return true
    } finally {
      changing(monitor, party, operation, () => monitor.leave(party, place))
    }
  }
}
