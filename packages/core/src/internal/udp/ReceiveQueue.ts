/**
 * Datagrams that came and that no fiber has yet: in order, bounded in bytes, with a policy for what
 * is too much and a count of it.
 */
import type { Overflow } from "../../UdpOptions.ts"
import type { Datagram } from "../../UdpSocket.ts"

/**
 * Bytes that a datagram costs beside its payload. (Measured: 350 on Node 26, 200 to 300 on Bun 1.4;
 * a kernel counts 512 and more.)
 */
export const overheadBytes = 384

// Slots of an empty ring; a power of two.
const slotsMin = 64

export class ReceiveQueue {
  /** Of all that is queued, each with its overhead. */
  bytes = 0
  datagramsDropped = 0
  bytesDropped = 0
  private readonly bytesMax: number
  private readonly overflow: Overflow
  private slots: Array<Datagram | undefined> = []
  private head = 0
  private count = 0

  constructor(bytesMax: number, overflow: Overflow) {
    this.bytesMax = bytesMax
    this.overflow = overflow
  }

  get length(): number {
    return this.count
  }

  /**
   * Puts a datagram last, or drops what the policy says. `awaiting` fibers wait: what they wait for
   * is as good as taken, and never dropped. An empty queue takes anything, as a kernel's does: else
   * a datagram that is longer than the bound could never be received.
   */
  push(datagram: Datagram, awaiting: number): void {
    const cost = datagram.bytes.length + overheadBytes
    if (awaiting <= this.count && !this.makeRoom(cost, awaiting)) return this.drop(datagram)
    if (this.count === this.slots.length) this.grow()
    this.slots[this.slot(this.count)] = datagram
    this.count++
    this.bytes += cost
  }

  private makeRoom(cost: number, awaiting: number): boolean {
    if (this.overflow === "dropOldest") {
      while (this.count > awaiting && this.bytes + cost > this.bytesMax) {
        this.drop(this.takeAt(awaiting))
      }
    }
    return this.count === 0 || this.bytes + cost <= this.bytesMax
  }

  private drop(datagram: Datagram): void {
    this.datagramsDropped++
    this.bytesDropped += datagram.bytes.length
  }

  /** Takes the one at `place`, 0 being the oldest; there must be one. */
  takeAt(place: number): Datagram {
    const { slots } = this
    const taken = slots[this.slot(place)]!
    // Those before it, which are few and mostly none, move up by one.
    for (let at = place; at > 0; at--) slots[this.slot(at)] = slots[this.slot(at - 1)]
    slots[this.head] = undefined
    this.head = this.slot(1)
    this.count--
    this.bytes -= taken.bytes.length + overheadBytes
    // A burst is over: its memory goes back.
    if (this.count === 0 && slots.length > slotsMin) this.reset()
    return taken
  }

  /** Forgets all but the first `count`. */
  keep(count: number): void {
    while (this.count > count) {
      const last = this.slot(this.count - 1)
      this.bytes -= this.slots[last]!.bytes.length + overheadBytes
      this.slots[last] = undefined
      this.count--
    }
  }

  private reset(): void {
    this.slots = []
    this.head = 0
  }

  private slot(place: number): number {
    return (this.head + place) & (this.slots.length - 1)
  }

  private grow(): void {
    const length = Math.max(slotsMin, this.slots.length * 2)
    const grown: Array<Datagram | undefined> = Array.from({ length })
    for (let place = 0; place < this.count; place++) grown[place] = this.slots[this.slot(place)]
    this.slots = grown
    this.head = 0
  }
}
