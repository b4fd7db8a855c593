/** How a thread waits in a lock: blocked, until it has it, or is asked to stop, or time is up. */
import { isCancelled } from "../../CancelFlag.ts"
import { SyncError } from "../../sync/SyncError.ts"
import { Broken, Cancelled, NoSeat, outside, type SyncReason } from "../../sync/SyncReason.ts"
import * as ThreadSeat from "../../sync/ThreadSeat.ts"
import type { Monitor } from "./Monitor.ts"
import { at, MonitorMemory } from "./MonitorMemory.ts"
import type { Party } from "./Party.ts"
import { seatOf } from "./SeatTable.ts"

const waitMaxMillisByDefault = 30_000
const dayMillis = 86_400_000

export interface BlockingOptions {
  /**
   * How long the thread may be blocked, 0 to 86,400,000 ms. Default 30,000. Then `TimedOut`, and it
   * waits no more.
   */
  readonly waitMaxMillis?: number | undefined
}

/** A lock's memory, of the kind that is wanted. */
export const openCell = (cell: SharedArrayBuffer, kind: number): MonitorMemory => {
  const memory = new MonitorMemory(cell)
  if (memory.header(at.kind) !== kind) throw new TypeError("The memory is another kind of lock's")
  return memory
}

/** Who sits in this thread, in the lock's table. */
export const partyOf = (memory: MonitorMemory, operation: string): Party => {
  const party = ThreadSeat.currentUnsafe()?.party
  if (party === undefined || party.seats.number !== memory.header(at.table)) {
    throw new SyncError(operation, NoSeat)
  }
  return party
}

/** One change of a lock, in its guard; throws why it was refused. */
export const changing = <A extends number | void>(
  monitor: Monitor,
  party: Party,
  operation: string,
  change: () => A | SyncReason
): A => {
  monitor.enter(party)
  let changed: A | SyncReason
  try {
    changed = change()
  } finally {
    monitor.exit(party)
  }
  if (typeof changed === "object") throw new SyncError(operation, changed)
  return changed
}

export interface Wait {
  readonly monitor: Monitor
  readonly party: Party
  readonly place: number
  readonly operation: string
  /** Whether it is over, and well. */
  readonly isOver: () => boolean
  /** It goes on whatever the task is asked. */
  readonly isPatient?: boolean | undefined
}

/** Undefined when it is over; else why it is to be given up, which is the caller's to do. */
export const block = (wait: Wait, waitMaxMillis: number): SyncReason | undefined => {
  const { isOver, monitor, party } = wait
  const seat = seatOf(party.id)
  const nowMillis = ThreadSeat.currentUnsafe()!.nowMillis
  const endMillis = nowMillis() + waitMaxMillis
  for (;;) {
    const count = party.seats.parkCount(seat)
    if (isOver()) return undefined
    if (monitor.isBroken) return Broken
    if (monitor.isUnseen(party)) {
      changing(monitor, party, wait.operation, () => {})
      continue
    }
    if (wait.isPatient !== true && isCancelled()) return Cancelled
    const leftMillis = endMillis - nowMillis()
    if (leftMillis <= 0) return { _tag: "TimedOut", waitMaxMillis }
    party.seats.park(seat, count, leftMillis)
  }
}

export const waitMaxMillisOf = (
  operation: string,
  options: BlockingOptions | undefined
): number => {
  const { waitMaxMillis = waitMaxMillisByDefault } = options ?? {}
  const bad = outside("waitMaxMillis", Math.ceil(waitMaxMillis), 0, dayMillis)
  if (bad !== undefined) throw new SyncError(operation, bad)
  return waitMaxMillis
}

/** Asks for permits, and blocks until they are there; the place. */
export const blockFor = (
  monitor: Monitor,
  operation: string,
  amount: number,
  options: BlockingOptions | undefined
): number => {
  const waitMaxMillis = waitMaxMillisOf(operation, options)
  const party = partyOf(monitor.memory, operation)
  const place = changing(monitor, party, operation, () => monitor.acquire(party, 0, amount))
  const isOver = () => monitor.take(party, place)
  const failed = block({ monitor, party, place, operation, isOver }, waitMaxMillis)
  if (failed === undefined) return place
  changing(monitor, party, operation, () => monitor.leave(party, place))
  throw new SyncError(operation, failed)
}

/** Permits that are there now: the place, or -1. */
export const tryFor = (monitor: Monitor, operation: string, amount: number): number => {
  const party = partyOf(monitor.memory, operation)
  const place = changing(monitor, party, operation, () => monitor.tryAcquire(party, 0, amount))
  if (place >= 0) monitor.take(party, place)
  return place
}

/** Gives back what this thread holds by one acquisition; `NotOwner` when it holds nothing. */
export const giveBack = (monitor: Monitor, operation: string): void => {
  const party = partyOf(monitor.memory, operation)
  changing(monitor, party, operation, () => monitor.release(party, 0))
}
