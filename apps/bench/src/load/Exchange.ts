/**
 * One connection's side of the echo, without a socket: what is owed to the server, what has come
 * back, whether it is the same, and how long each message took.
 */
import type { Histogram } from "./Histogram.ts"

/** Some peers echo lines. */
const lineFeed = 10

/** Differs from byte to byte and from connection to connection, so that a mix-up is seen. */
const byteAt = (seed: number, offset: number, messageBytes: number): number =>
  offset === messageBytes - 1 ? lineFeed : (seed * 151 + offset * 31 + 7) & 255

export interface Shape {
  readonly messageBytes: number
  /** Messages on their way at once, per connection. */
  readonly inFlight: number
}

export class Exchange {
  readonly #seed: number
  readonly #messageBytes: number
  readonly #histogram: Histogram
  /** As many messages as may be in flight, all alike. */
  readonly #payload: Uint8Array
  /** When each message in flight was sent: a ring, oldest at `#oldest`. */
  readonly #sentAt: Float64Array
  #oldest = 0
  /** Messages sent, or owed, that have not come back. */
  #inFlight = 0
  /** Position in the message that is being written, and bytes still to write. */
  #writeOffset = 0
  #unwritten = 0
  /** Position in the message that is coming back. */
  #readOffset = 0

  constructor(seed: number, shape: Shape, histogram: Histogram) {
    this.#seed = seed
    this.#messageBytes = shape.messageBytes
    this.#histogram = histogram
    this.#sentAt = new Float64Array(shape.inFlight)
    this.#payload = new Uint8Array(shape.messageBytes * shape.inFlight).map((_, index) =>
      byteAt(seed, index % shape.messageBytes, shape.messageBytes)
    )
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** Sends `count` messages, at `now` in milliseconds. Take the bytes from `unwritten`. */
  send(count: number, now: number): void {
    for (let sent = 0; sent < count; sent++) {
      this.#sentAt[(this.#oldest + this.#inFlight) % this.#sentAt.length] = now
      this.#inFlight++
    }
    this.#unwritten += count * this.#messageBytes
  }

  /** The bytes to write next, or undefined when all are written. */
  unwritten(): Uint8Array | undefined {
    if (this.#unwritten === 0) return undefined
    const end = this.#writeOffset + this.#unwritten
    if (this.#writeOffset === 0 && end === this.#payload.length) return this.#payload
    return this.#payload.subarray(this.#writeOffset, end)
  }

  wrote(bytes: number): void {
    this.#unwritten -= bytes
    this.#writeOffset = (this.#writeOffset + bytes) % this.#messageBytes
  }

  /** Takes what came back at `now`; answers how many messages it completed. */
  received(chunk: Uint8Array, now: number): number {
    const readOffset = this.#readOffset + chunk.length
    if (readOffset > this.#inFlight * this.#messageBytes - this.#unwritten) {
      throw new Error(`Cannot accept the echo: ${chunk.length} bytes are more than were sent`)
    }
    this.#check(chunk, 0)
    this.#check(chunk, chunk.length - 1)
    const completed = Math.floor(readOffset / this.#messageBytes)
    this.#readOffset = readOffset - completed * this.#messageBytes
    for (let message = 0; message < completed; message++) {
      this.#histogram.record((now - this.#sentAt[this.#oldest]!) * 1e6)
      this.#oldest = (this.#oldest + 1) % this.#sentAt.length
    }
    this.#inFlight -= completed
    return completed
  }

  /** A spot check: two bytes of every chunk cost nothing, and a lost or moved byte shifts them. */
  #check(chunk: Uint8Array, index: number): void {
    const offset = (this.#readOffset + index) % this.#messageBytes
    const expected = byteAt(this.#seed, offset, this.#messageBytes)
    if (chunk[index] === expected) return
    throw new Error(`Cannot accept the echo: expected byte ${expected}, got ${chunk[index]}`)
  }
}
