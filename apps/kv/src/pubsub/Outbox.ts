/**
 * What waits to be sent to a subscriber: replies and messages in their order, bounded in bytes.
 *
 * A subscriber that does not read is cut off when its bound is reached, so that nobody who
 * publishes waits for it.
 */
import { type Bytes, nothing } from "../resp/Ascii.ts"

const keptBytes = 4 * 1024

export class Outbox {
  /** It has been cut off: what it would have been sent is dropped. */
  isCut = false
  private readonly bytesMax: number
  private readonly onCut: () => void
  private queue: Bytes = nothing
  private length = 0
  // Taken, and not sent yet.
  private sending = 0
  private wake: (() => void) | undefined

  constructor(bytesMax: number, onCut: () => void) {
    this.bytesMax = bytesMax
    this.onCut = onCut
  }

  /** Bytes that are not with the host yet. */
  get waiting(): number {
    return this.length + this.sending
  }

  /** False when it was cut off by this, or before. */
  offer(bytes: Bytes): boolean {
    if (this.isCut) return false
    if (this.waiting + bytes.length > this.bytesMax) {
      this.isCut = true
      this.queue = nothing
      this.length = 0
      this.onCut()
      return false
    }
    if (this.length + bytes.length > this.queue.length) this.grow(this.length + bytes.length)
    this.queue.set(bytes, this.length)
    this.length += bytes.length
    this.tell()
    return true
  }

  /** All that waits, the caller's until `sent`. */
  take(): Bytes {
    const taken = this.queue.subarray(0, this.length)
    this.sending = this.length
    this.queue = nothing
    this.length = 0
    return taken
  }

  /** What was taken has gone. */
  sent(): void {
    this.sending = 0
    this.tell()
  }

  /** Calls back once when something was offered or sent; one at a time. */
  onChange(wake: (() => void) | undefined): void {
    this.wake = wake
  }

  private tell(): void {
    const { wake } = this
    this.wake = undefined
    wake?.()
  }

  private grow(needed: number): void {
    const wider = new Uint8Array(Math.max(keptBytes, needed, 2 * this.queue.length))
    wider.set(this.queue.subarray(0, this.length))
    this.queue = wider
  }
}
