/** A condition of a `BlockingMutex`: waiting for a change that other holders of the lock make. */
import {
  block,
  type BlockingOptions,
  changing,
  partyOf,
  waitMaxMillisOf
} from "../internal/sync/blocking.ts"
import type { Monitor } from "../internal/sync/Monitor.ts"
import { conditionsMax } from "../internal/sync/MonitorMemory.ts"
import { SyncError } from "./SyncError.ts"
import { outside } from "./SyncReason.ts"

export class BlockingCondition {
  private readonly monitor: Monitor
  private readonly index: number

  /** By `BlockingMutex.condition`. */
  constructor(monitor: Monitor, index: number) {
    const bad = outside("index", index, 0, conditionsMax - 1)
    if (bad !== undefined) throw new SyncError("BlockingMutex.condition", bad)
    this.monitor = monitor
    this.index = index
  }

  /**
   * Unlocks, blocks until it is notified, and locks again. Who is notified stands in line for the
   * lock, so look again whether what you waited for is so.
   *
   * Throws `NotOwner`, and then nothing was unlocked; `TimedOut` or `Cancelled`, and then it has
   * the lock again; `Broken`, and then it has not.
   */
  wait(options?: BlockingOptions): void {
    const operation = "BlockingCondition.wait"
    const { index, monitor } = this
    const waitMaxMillis = waitMaxMillisOf(operation, options)
    const party = partyOf(monitor.memory, operation)
    const place = changing(monitor, party, operation, () => monitor.wait(party, 0, index))
    const isOver = () => monitor.take(party, place)
    const wait = { monitor, party, place, operation, isOver }
    const failed = block(wait, waitMaxMillis)
    if (failed === undefined) return
    let wasNotified = false
    changing(monitor, party, operation, () => {
      if (!monitor.isBroken) wasNotified = !monitor.unwait(place)
    })
    const broken = block({ ...wait, isPatient: true }, Infinity)
    if (broken !== undefined) throw new SyncError(operation, broken)
    if (!wasNotified) throw new SyncError(operation, failed)
  }

  /** Lets up to `count` of those who wait here stand in line for the lock; how many. `NotOwner`. */
  notify(count = 1): number {
    const operation = "BlockingCondition.notify"
    const { index, monitor } = this
    const party = partyOf(monitor.memory, operation)
    return changing(monitor, party, operation, () => monitor.notify(party, 0, index, count))
  }

  notifyAll(): number {
    return this.notify(Infinity)
  }
}
