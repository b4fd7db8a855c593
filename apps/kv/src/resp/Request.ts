/**
 * One request: a command's name and its arguments, as ranges of the bytes that they came in.
 *
 * Nothing is copied, so a request is valid until its parser is asked for the next, and as long as
 * those bytes are.
 */
import { binaryText, type Bytes, folded, nothing } from "./Ascii.ts"

export class Request {
  bytes: Bytes = nothing
  /** Where it begins in `bytes`. */
  base = 0
  /** Bytes on the wire, from `base` on; 0 when it was written inline and `bytes` are its own. */
  wireBytes = 0
  /** The name and the arguments: 0 for a line without words, to be passed over. */
  count = 0
  // Start and end of each, from `base` on.
  private ranges = new Int32Array(16)

  start(index: number): number {
    return this.base + this.ranges[2 * index]!
  }

  end(index: number): number {
    return this.base + this.ranges[2 * index + 1]!
  }

  length(index: number): number {
    return this.ranges[2 * index + 1]! - this.ranges[2 * index]!
  }

  /** A copy of its own. */
  argument(index: number): Bytes {
    return this.bytes.slice(this.start(index), this.end(index))
  }

  /** A character for each byte. */
  text(index: number): string {
    return binaryText(this.bytes, this.start(index), this.end(index))
  }

  /** `word` is in lower case; letters are compared without regard to case. */
  is(index: number, word: string): boolean {
    const { length } = word
    if (this.length(index) !== length) return false
    const start = this.start(index)
    for (let at = 0; at < length; at++) {
      if (folded(this.bytes[start + at]!) !== folded(word.charCodeAt(at))) return false
    }
    return true
  }

  /** Positions count from `base`. */
  add(start: number, end: number): void {
    const at = 2 * this.count
    if (at === this.ranges.length) {
      const wider = new Int32Array(2 * at)
      wider.set(this.ranges)
      this.ranges = wider
    }
    this.ranges[at] = start
    this.ranges[at + 1] = end
    this.count++
  }

  /** Gives memory back that a request with very many arguments took. */
  shrink(): void {
    if (this.ranges.length > 4_096) this.ranges = new Int32Array(16)
  }

  /** As many bytes as its arguments have, with what each costs on the wire. */
  get bytesTotal(): number {
    return this.wireBytes > 0 ? this.wireBytes : this.bytes.length + 16 * this.count
  }

  /** One of its own, for later. */
  copy(): Request {
    const copy = new Request()
    const base = this.wireBytes > 0 ? this.base : 0
    const length = this.wireBytes > 0 ? this.wireBytes : this.bytes.length
    copy.bytes = this.bytes.slice(base, base + length)
    copy.wireBytes = this.wireBytes
    copy.ranges = this.ranges.slice(0, Math.max(2, 2 * this.count))
    copy.count = this.count
    return copy
  }
}
