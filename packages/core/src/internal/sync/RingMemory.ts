/**
 * The words and bytes of a ring with one writer and one reader: each moves its own counter alone,
 * so neither ever waits for the other's step. (Lamport, "Specifying concurrent program modules",
 * 1983.)
 */
import { AlreadyOwner, Broken, Closed, NoSeat, type SyncReason } from "../../sync/SyncReason.ts"
import type { Party } from "./Party.ts"

export const ringKind = 6

const at = {
  table: 2,
  kind: 3,
  capacity: 4,
  /** Bytes that were read and written so far, modulo 2^32. */
  head: 5,
  tail: 6,
  /** Who reads and writes. */
  reader: 7,
  writer: 8,
  /** 1 while that side wants to be woken. */
  readerWaits: 9,
  writerWaits: 10,
  /** 1 when that side is closed, 2 when it broke off. */
  readerClosed: 11,
  writerClosed: 12
} as const
const headerBytes = 64

export type Side = "reader" | "writer"

const other = { reader: "writer", writer: "reader" } as const

export class RingMemory {
  readonly words: Int32Array<SharedArrayBuffer>
  private readonly bytes: Uint8Array<SharedArrayBuffer>
  private readonly capacity: number

  constructor(buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer, 0, headerBytes / 4)
    if (Atomics.load(this.words, at.kind) !== ringKind) {
      throw new TypeError("The memory is no ring's")
    }
    this.capacity = Atomics.load(this.words, at.capacity)
    this.bytes = new Uint8Array(buffer, headerBytes, this.capacity)
  }

  /** `capacity`: a power of two, so that counters may wrap. */
  static make(capacity: number, table: number): RingMemory {
    const buffer = new SharedArrayBuffer(headerBytes + capacity)
    const words = new Int32Array(buffer)
    words[at.kind] = ringKind
    words[at.table] = table
    words[at.capacity] = capacity
    return new RingMemory(buffer)
  }

  get table(): number {
    return Atomics.load(this.words, at.table)
  }

  /** Whoever comes first on a side is the one. */
  claim(side: Side, party: Party): SyncReason | undefined {
    if (party.seats.number !== this.table) return NoSeat
    const owner = Atomics.compareExchange(this.words, at[side], 0, party.id)
    // Whoever ends without having closed it leaves the other one waiting, so it counts as held.
    if (owner === 0) party.heldCount++
    else if (owner !== party.id) return AlreadyOwner
    return Atomics.load(this.words, at[`${side}Closed`]) === 0 ? undefined : Closed
  }

  /** Why nothing more will come from there, or go there; undefined while it may. */
  problemOf(side: Side, party: Party): SyncReason | undefined {
    const closed = Atomics.load(this.words, at[`${side}Closed`])
    if (closed !== 0) return closed === 1 ? Closed : Broken
    const owner = Atomics.load(this.words, at[side])
    return owner === 0 || party.seats.isAlive(owner) ? undefined : Broken
  }

  /** Bytes that can be read, or written. */
  ready(side: Side): number {
    const used = (Atomics.load(this.words, at.tail) - Atomics.load(this.words, at.head)) >>> 0
    return side === "reader" ? used : this.capacity - used
  }

  /** As many as there is room for, from `start` on; how many. */
  write(source: Uint8Array, start: number, party: Party): number {
    const count = Math.min(source.length - start, this.ready("writer"))
    if (count === 0) return 0
    const tail = Atomics.load(this.words, at.tail)
    const place = (tail >>> 0) % this.capacity
    const first = Math.min(count, this.capacity - place)
    this.bytes.set(source.subarray(start, start + first), place)
    this.bytes.set(source.subarray(start + first, start + count), 0)
    Atomics.store(this.words, at.tail, (tail + count) | 0)
    this.wake("reader", party)
    return count
  }

  /** As many as there are and fit; how many. */
  read(target: Uint8Array, party: Party): number {
    const count = Math.min(target.length, this.ready("reader"))
    if (count === 0) return 0
    const head = Atomics.load(this.words, at.head)
    const place = (head >>> 0) % this.capacity
    const first = Math.min(count, this.capacity - place)
    target.set(this.bytes.subarray(place, place + first), 0)
    target.set(this.bytes.subarray(0, count - first), first)
    Atomics.store(this.words, at.head, (head + count) | 0)
    this.wake("writer", party)
    return count
  }

  /** From now on a change of the other side wakes this one: look again, then wait. */
  wantWake(side: Side): void {
    Atomics.store(this.words, at[`${side}Waits`], 1)
  }

  private wake(side: Side, party: Party): void {
    if (Atomics.exchange(this.words, at[`${side}Waits`], 0) === 0) return
    const owner = Atomics.load(this.words, at[side])
    if (owner !== 0) party.wake(owner)
  }

  close(side: Side, party: Party, isBroken: boolean): void {
    const closed = isBroken ? 2 : 1
    if (Atomics.compareExchange(this.words, at[`${side}Closed`], 0, closed) !== 0) return
    if (Atomics.load(this.words, at[side]) === party.id) party.heldCount--
    Atomics.store(this.words, at[`${other[side]}Waits`], 1)
    this.wake(other[side], party)
  }
}
