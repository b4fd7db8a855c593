/**
 * Reads a DNS message from bytes that nobody vouches for.
 *
 * A malformed one ends in a `DnsFormatError`, thrown here and caught by `DnsMessage.decode` alone.
 * Work is bounded by the message's length times `pointersMax`.
 */
import { DnsFormatError, type Problem } from "./DnsFormatError.ts"
import { labelText, nameBytesMax } from "./DnsName.ts"

/**
 * Compression pointers followed for one name. A name has at most 127 labels, and a pointer stands
 * for one at least, so honest senders need no more; without a bound, 64 KiB of pointers to
 * pointers would take seconds.
 */
export const pointersMax = 126

export class WireReader {
  readonly bytes: Uint8Array
  offset = 0
  /** What is being read, for the error. */
  where: () => string = () => "header"
  // The end of the record's data while one is read, else of the message.
  private end: number

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.end = bytes.length
  }

  get left(): number {
    return this.end - this.offset
  }

  fail(problem: Problem, offset = this.offset): never {
    throw new DnsFormatError({ problem, where: this.where(), offset })
  }

  private advance(bytes: number): number {
    const start = this.offset
    if (bytes > this.end - start) {
      this.fail(this.end === this.bytes.length ? "EndOfMessage" : "EndOfData")
    }
    this.offset = start + bytes
    return start
  }

  u8(): number {
    return this.bytes[this.advance(1)]!
  }

  u16(): number {
    const at = this.advance(2)
    return (this.bytes[at]! << 8) | this.bytes[at + 1]!
  }

  u32(): number {
    return this.u16() * 0x1_0000 + this.u16()
  }

  /** A copy, so that what is kept of a message does not keep all of it. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    const start = this.advance(bytes)
    return new Uint8Array(this.bytes.subarray(start, start + bytes))
  }

  /** Reads `read` from the next `bytes` bytes, all of them and no others. */
  within<A>(bytes: number, read: () => A): A {
    const end = this.advance(bytes) + bytes
    const outer = this.end
    this.offset = end - bytes
    this.end = end
    const value = read()
    if (this.offset !== end) this.fail("LeftoverData")
    this.end = outer
    return value
  }

  /** A name, decompressed (RFC 1035 §4.1.4), as text. */
  name(): string {
    let text = ""
    let wireBytes = 1
    let pointers = 0
    // The next label: in the record itself, or before it once a pointer was followed.
    let at = this.offset
    let lowest = this.offset
    const follow = (pointer: number): number => {
      if (pointers++ === 0) this.offset = at + 2
      if (pointers > pointersMax) this.fail("PointerChain", at)
      if (pointer >= lowest) this.fail("ForwardPointer", at)
      return (lowest = pointer)
    }
    for (;;) {
      // Behind a pointer the message's end counts, before it the record's.
      const end = pointers === 0 ? this.end : this.bytes.length
      const length = this.labelByte(at, end)
      if (length >= 0xc0) {
        at = follow(((length & 0x3f) << 8) | this.labelByte(at + 1, end))
        continue
      }
      if (length > 63) this.fail("UnknownLabel", at)
      at++
      if (length === 0) break
      if (at + length > end) this.fail(end === this.bytes.length ? "EndOfMessage" : "EndOfData", at)
      wireBytes += length + 1
      if (wireBytes > nameBytesMax) this.fail("NameTooLong", at)
      text += `${labelText(this.bytes.subarray(at, at + length))}.`
      at += length
    }
    if (pointers === 0) this.offset = at
    return text === "" ? "." : text
  }

  private labelByte(at: number, end: number): number {
    if (at < end) return this.bytes[at]!
    return this.fail(end === this.bytes.length ? "EndOfMessage" : "EndOfData", at)
  }
}
