/**
 * One client's side of the echo over datagrams, without a socket: what was sent, what has come
 * back, whether it is the same, how long it took, and what is given up.
 *
 * A datagram begins with its number (32 bits) and its slot (32 bits), so that one that comes late
 * or twice is told from the one that is waited for.
 */
import type { Shape } from "./Exchange.ts"
import type { Histogram } from "./Histogram.ts"

const headerBytes = 8
const numbers = 2 ** 32

/** Differs from byte to byte and from client to client, so that a mix-up is seen. */
const byteAt = (seed: number, offset: number): number => (seed * 151 + offset * 31 + 7) & 255

interface Slot {
  readonly bytes: Uint8Array
  readonly header: DataView
  /** Of the datagram in flight; undefined when there is none. */
  number: number | undefined
  sentAt: number
}

export class DatagramExchange {
  lost = 0
  readonly #histogram: Histogram
  readonly #slots: ReadonlyArray<Slot>
  #nextNumber = 0
  #inFlight = 0

  constructor(seed: number, { inFlight, messageBytes }: Shape, histogram: Histogram) {
    if (messageBytes <= headerBytes) throw new Error(`Too short: ${messageBytes} bytes`)
    this.#histogram = histogram
    this.#slots = Array.from({ length: inFlight }, (_, index) => {
      const bytes = new Uint8Array(messageBytes).map((_, offset) => byteAt(seed, offset))
      const header = new DataView(bytes.buffer)
      header.setUint32(4, index)
      return { bytes, header, number: undefined, sentAt: 0 }
    })
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** The next datagram of a slot that is free, sent at `now` in milliseconds. */
  send(index: number, now: number): Uint8Array {
    const slot = this.#slots[index]!
    slot.number = this.#nextNumber
    slot.sentAt = now
    slot.header.setUint32(0, slot.number)
    this.#nextNumber = (this.#nextNumber + 1) % numbers
    this.#inFlight++
    return slot.bytes
  }

  /** Takes what came back at `now`: the slot that is free now, or undefined if it came too late. */
  received(bytes: Uint8Array, now: number): number | undefined {
    const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const length = this.#slots[0]!.bytes.length
    if (bytes.length !== length) {
      throw new Error(`Cannot accept the echo: ${bytes.length} bytes instead of ${length}`)
    }
    const index = header.getUint32(4)
    const slot = this.#slots[index]
    if (slot === undefined) throw new Error(`Cannot accept the echo: there is no slot ${index}`)
    if (slot.number !== header.getUint32(0)) return undefined
    this.#check(slot, bytes, headerBytes)
    this.#check(slot, bytes, length - 1)
    this.#histogram.record((now - slot.sentAt) * 1e6)
    slot.number = undefined
    this.#inFlight--
    return index
  }

  /** A spot check, as of streams. */
  #check(slot: Slot, bytes: Uint8Array, offset: number): void {
    const expected = slot.bytes[offset]
    if (bytes[offset] === expected) return
    throw new Error(`Cannot accept the echo: expected byte ${expected}, got ${bytes[offset]}`)
  }

  /** Gives up what was sent before `before`; answers the slots that are free now. */
  giveUp(before: number): ReadonlyArray<number> {
    const given: Array<number> = []
    for (const [index, slot] of this.#slots.entries()) {
      if (slot.number === undefined || slot.sentAt >= before) continue
      slot.number = undefined
      this.#inFlight--
      this.lost++
      given.push(index)
    }
    return given
  }
}
