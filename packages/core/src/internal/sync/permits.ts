/** Giving permits of a semaphore back one by one, and adding new ones. */
import { outside, type SyncReason } from "../../sync/SyncReason.ts"
import type { Monitor } from "./Monitor.ts"
import { at, inPlace, List, type MonitorMemory, State } from "./MonitorMemory.ts"
import type { Party } from "./Party.ts"

export const permitsMaxMax = 1_000_000

/** What asks for none, or for more than there can be. */
export const badPermits = (permits: number, permitsMax: number): SyncReason | undefined => {
  const bad = outside("permits", permits, 1, permitsMaxMax)
  return bad ?? (permits > permitsMax ? { _tag: "OverMaximum", permits, permitsMax } : undefined)
}

const heldBy = (memory: MonitorMemory, isOne: (place: number) => boolean): number => {
  let sum = 0
  for (let place = memory.first(List.holders); place >= 0; place = memory.next(place)) {
    if (isOne(place)) sum += memory.read(place, inPlace.amount)
  }
  return sum
}

/**
 * `count` permits are free again: those that this fiber or thread holds, and beyond them new ones,
 * up to the maximum. Changes nothing when that would be exceeded.
 */
export const releasePermits = (
  monitor: Monitor,
  party: Party,
  fiber: number,
  count: number
): number | SyncReason => {
  const { memory } = monitor
  if (monitor.isBroken) return 0
  const isOwn = (place: number): boolean =>
    memory.read(place, inPlace.id) === party.id &&
    memory.read(place, inPlace.fiber) === fiber &&
    memory.read(place, inPlace.state) === State.held
  const added = Math.max(0, count - heldBy(memory, isOwn))
  const permits = memory.header(at.free) + heldBy(memory, () => true) + added
  const permitsMax = memory.header(at.capacity)
  if (permits > permitsMax) return { _tag: "OverMaximum", permits, permitsMax }
  let left = count - added
  memory.setHeader(at.free, memory.header(at.free) + added)
  for (let place = memory.first(List.holders); left > 0;) {
    const next = memory.next(place)
    if (isOwn(place)) left -= giveSome(monitor, party, place, left)
    place = next
  }
  monitor.handOver()
  return count
}

/** As many of a place's permits, or all; how many. */
const giveSome = (monitor: Monitor, party: Party, place: number, count: number): number => {
  const { memory } = monitor
  const amount = memory.read(place, inPlace.amount)
  if (amount <= count) {
    monitor.leave(party, place)
    return amount
  }
  memory.write(place, inPlace.amount, amount - count)
  memory.setHeader(at.free, memory.header(at.free) + count)
  return count
}
