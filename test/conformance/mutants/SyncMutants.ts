/** Locks, channels and rings with one bug each. */
import { ChannelState } from "../../../packages/core/src/internal/sync/ChannelState.ts"
import { FiberLine } from "../../../packages/core/src/internal/sync/FiberLine.ts"
import { Monitor } from "../../../packages/core/src/internal/sync/Monitor.ts"
import {
  at,
  inPlace,
  List,
  MonitorMemory,
  State
} from "../../../packages/core/src/internal/sync/MonitorMemory.ts"
import { RingMemory } from "../../../packages/core/src/internal/sync/RingMemory.ts"
import { getter, method, type SyncMutant } from "./SyncMutant.ts"

const waitersOf = (memory: MonitorMemory): ReadonlyArray<number> => {
  const places: Array<number> = []
  for (let place = memory.first(List.waiters); place >= 0; place = memory.next(place)) {
    places.push(place)
  }
  return places
}

const lockMutants: ReadonlyArray<SyncMutant> = [
  method(
    "a lock that lets whoever fits overtake",
    "SYNC-31",
    Monitor,
    "advance",
    (call) =>
      function (asking: number) {
        for (const place of waitersOf(this.memory)) {
          if (this.memory.read(place, inPlace.amount) > this.memory.header(at.free)) continue
          this.memory.remove(place)
          // First in line, and so the one that is served.
          const others = waitersOf(this.memory)
          for (const other of others) this.memory.remove(other)
          this.memory.append(place, List.waiters)
          for (const other of others) this.memory.append(other, List.waiters)
          call(this, asking)
        }
      }
  ),
  method(
    "a lock that is served from the end of its line",
    "SYNC-24",
    MonitorMemory,
    "first",
    (call) =>
      function (list: number) {
        let last = call(this, list) as number
        for (let place = last; list === List.waiters && place >= 0; place = this.next(place)) {
          last = place
        }
        return last
      }
  ),
  method(
    "a lock that forgets what it granted to one who leaves",
    "SYNC-02",
    Monitor,
    "leave",
    (call) =>
      function (party: never, place: number) {
        const isGranted = this.memory.read(place, inPlace.state) === State.granted
        if (!isGranted) call(this, party, place)
        else this.memory.write(place, inPlace.state, State.unused)
      }
  ),
  method(
    "a lock that anybody may unlock",
    "SYNC-04",
    Monitor,
    "find",
    (call) =>
      function (id: number, fiber: number) {
        const place = call(this, id, fiber) as number
        return place >= 0 ? place : this.memory.first(List.holders)
      }
  ),
  method("a lock that lets its owner wait for himself", "SYNC-20", Monitor, "find", () => () => -1),
  method(
    "a lock with one place less",
    "SYNC-22",
    MonitorMemory,
    "allot",
    (call) =>
      function (id: number, fiber: number, amount: number) {
        const used = this.size(List.waiters) + this.size(List.holders)
        return used + 1 >= this.placesMax ? -1 : call(this, id, fiber, amount)
      }
  ),
  method("a lock that does not look for its dead", "SYNC-26", Monitor, "sweep", () => () => {}),
  method("a lock that forgets a dead holder", "SYNC-25", Monitor, "break", () => () => {}),
  method(
    "a lock that wakes nobody",
    "SYNC-21",
    Monitor,
    "exit",
    (call) =>
      function (party: never) {
        Reflect.set(this, "woken", [])
        call(this, party)
      }
  ),
  method(
    "a condition that notifies all",
    "SYNC-33",
    Monitor,
    "requeueFirst",
    (call) =>
      function (condition: number) {
        return call(this, condition, this.memory.placesMax)
      }
  ),
  method("a condition that notifies nobody", "SYNC-33", Monitor, "requeueFirst", () => () => 0),
  method("a condition that forgets who gives up", "SYNC-34", Monitor, "unwait", () => () => true),
  method(
    "a barrier that opens for one less",
    "SYNC-36",
    Monitor,
    "arrive",
    (call) =>
      function (party: never, fiber: number) {
        const capacity = this.memory.header(at.capacity)
        this.memory.setHeader(at.capacity, capacity - 1)
        const place = call(this, party, fiber)
        this.memory.setHeader(at.capacity, capacity)
        return place
      }
  )
]

const fiberMutants: ReadonlyArray<SyncMutant> = [
  getter("a line that is served from its end", "SYNC-50", FiberLine, "first", function () {
    return [...this.waiting].at(-1)
  }),
  method(
    "a line that keeps those who left it",
    "SYNC-55",
    FiberLine,
    "leave",
    () =>
      function (waiter: never) {
        return this.waiting.has(waiter)
      }
  ),
  method(
    "a channel that loses what was handed to one who left",
    "SYNC-09",
    ChannelState,
    "unask",
    () =>
      function (taker: never) {
        this.receiving.leave(taker)
      }
  ),
  method(
    "a channel that keeps a reserved place for ever",
    "SYNC-42",
    ChannelState,
    "unreserve",
    () => {
      return () => {}
    }
  ),
  method(
    "a channel that does not tell its end",
    "SYNC-40",
    ChannelState,
    "tellEnd",
    () => () => {}
  ),
  method(
    "a channel that does not tell that it broke",
    "SYNC-10",
    ChannelState,
    "break",
    () => () => {}
  ),
  getter("a channel without a bound", "SYNC-08", ChannelState, "isFull", () => false),
  getter(
    "a channel that ends before reserved places are used",
    "SYNC-41",
    ChannelState,
    "isEnded",
    function () {
      return this.senders === 0 && this.items.length === 0
    }
  )
]

const ringMutants: ReadonlyArray<SyncMutant> = [
  method(
    "a ring that takes what it has no room for",
    "SYNC-60",
    RingMemory,
    "ready",
    (call) =>
      function (side: string) {
        const ready = call(this, side) as number
        return side === "writer" ? ready + 1 : ready
      }
  ),
  method("a ring that does not wake the other side", "SYNC-63", RingMemory, "wake", () => () => {}),
  method(
    "a ring that forgets that it was broken off",
    "SYNC-62",
    RingMemory,
    "close",
    (call) =>
      function (side: string, party: never) {
        call(this, side, party, false)
      }
  ),
  method(
    "a ring that does not see who died",
    "SYNC-65",
    RingMemory,
    "problemOf",
    (call) =>
      function (side: string, party: never) {
        const problem = call(this, side, party) as { readonly _tag: string } | undefined
        return problem?._tag === "Broken" ? undefined : problem
      }
  )
]

export const syncMutants: ReadonlyArray<SyncMutant> = [
  ...lockMutants,
  ...fiberMutants,
  ...ringMutants
]
