/**
 * Requests out of bytes that come in pieces: arrays of bulk strings, or lines (RESP "inline").
 *
 * The parser keeps its place in an unfinished request, so a byte is looked at once however small
 * the pieces are. It holds no bytes: whoever feeds it does, and may move them between two calls.
 * Nothing is allocated for what a client only announces.
 */
import { ASTERISK, CR, DOLLAR, LF, MINUS, nothing, ZERO } from "./Ascii.ts"
import type { Bytes } from "./Ascii.ts"
import { words } from "./inlineWords.ts"
import { Request } from "./Request.ts"

/** A line that is no array, and a line that says a length. */
export const inlineBytesMax = 64 * 1024
export const argumentsMax = 1024 * 1024

/** Digits of a length, its sign, and more than Redis's own clients write. */
const lengthBytesMax = 20

export type Outcome = "Complete" | "Incomplete" | "Malformed"

const incomplete = -2
const malformed = -3

export class RequestParser {
  readonly request = new Request()
  /** What was wrong, after `Malformed`: the rest of the bytes means nothing then. */
  problem = ""
  /** After `Complete`: where the next request begins. */
  next = 0
  private readonly requestBytesMax: number
  // Arguments announced; -1 before the first line was read.
  private expected = -1
  // Of the bulk string that comes; -1 before its line was read.
  private bulkBytes = -1
  // Parsed before, from the request's start on.
  private parsed = 0

  constructor(requestBytesMax: number) {
    this.requestBytesMax = requestBytesMax
  }

  /** Whether a part of a request was parsed. */
  get isWithin(): boolean {
    return this.expected >= 0
  }

  /**
   * Goes on with the request that begins at `start`. After `Incomplete` the same bytes are to be
   * offered again with more behind them; `request` is valid after `Complete`.
   */
  parse(bytes: Bytes, start: number, end: number): Outcome {
    const { request } = this
    if (this.expected < 0) {
      if (start === end) return "Incomplete"
      request.count = 0
      if (bytes[start] !== ASTERISK) return this.parseLine(bytes, start, end)
      const count = this.readLength(bytes, start + 1, end, "multibulk")
      if (count < -1) return count === incomplete ? "Incomplete" : "Malformed"
      if (count > argumentsMax) return this.refuse("invalid multibulk length")
      this.expected = Math.max(0, count)
      this.parsed = this.next - start
    }
    request.bytes = bytes
    request.base = start
    while (request.count < this.expected) {
      const outcome = this.parseBulk(bytes, start, end)
      if (outcome !== "Complete") return outcome
    }
    request.wireBytes = this.parsed
    this.next = start + this.parsed
    this.reset()
    return "Complete"
  }

  private reset(): void {
    this.expected = -1
    this.bulkBytes = -1
    this.parsed = 0
  }

  private parseBulk(bytes: Bytes, start: number, end: number): Outcome {
    let at = start + this.parsed
    if (this.bulkBytes < 0) {
      if (at >= end) return "Incomplete"
      if (bytes[at] !== DOLLAR) {
        return this.refuse(`expected '$', got '${String.fromCharCode(bytes[at]!)}'`)
      }
      const length = this.readLength(bytes, at + 1, end, "bulk")
      if (length === incomplete) return "Incomplete"
      if (length === malformed) return "Malformed"
      if (length < 0) return this.refuse("invalid bulk length")
      at = this.next
      this.parsed = at - start
      if (this.parsed + length + 2 > this.requestBytesMax) {
        return this.refuse(`a request of more than ${this.requestBytesMax} bytes`)
      }
      this.bulkBytes = length
    }
    const after = at + this.bulkBytes
    if (after + 2 > end) return "Incomplete"
    if (bytes[after] !== CR || bytes[after + 1] !== LF) {
      return this.refuse("expected a line end after a bulk string")
    }
    this.request.add(at - start, after - start)
    this.parsed = after + 2 - start
    this.bulkBytes = -1
    return "Complete"
  }

  /** The number up to the line's end, or why not; `next` is then what follows the line. */
  private readLength(bytes: Bytes, start: number, end: number, what: string): number {
    let at = start
    const isNegative = at < end && bytes[at] === MINUS
    if (isNegative) at++
    const digits = at
    let value = 0
    for (; at < end; at++) {
      const digit = bytes[at]! - ZERO
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
      if (at - start > lengthBytesMax) break
    }
    if (at < end && (bytes[at] !== CR || at === digits)) return this.refuseLength(what)
    if (at + 1 >= end) return incomplete
    if (bytes[at + 1] !== LF) return this.refuseLength(what)
    this.next = at + 2
    return isNegative ? -1 : value
  }

  private refuseLength(what: string): number {
    this.refuse(`invalid ${what} length`)
    return malformed
  }

  private refuse(problem: string): "Malformed" {
    this.problem = problem
    return "Malformed"
  }

  private parseLine(bytes: Bytes, start: number, end: number): Outcome {
    const { request } = this
    const limit = Math.min(end, start + inlineBytesMax)
    let at = start + this.parsed
    while (at < limit && bytes[at] !== LF) at++
    this.parsed = at - start
    if (at === limit) {
      return end - start >= inlineBytesMax ? this.refuse("too big inline request") : "Incomplete"
    }
    this.next = at + 1
    const line = bytes.subarray(start, at > start && bytes[at - 1] === CR ? at - 1 : at)
    this.reset()
    request.bytes = nothing
    request.base = 0
    request.wireBytes = 0
    return words(line, request) ? "Complete" : this.refuse("unbalanced quotes in request")
  }
}
