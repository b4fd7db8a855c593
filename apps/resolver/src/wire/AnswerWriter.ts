/** Answers as they leave: a prepared one made the client's own, or none but a response code. */
import { DnsMessage, RecordCode } from "@portico/core"
import { type Bytes, setU16, u16 } from "./Octets.ts"
import type { PreparedAnswer } from "./PreparedAnswer.ts"
import { headerBytes, type QueryView } from "./QueryView.ts"

const responseBit = 0x80
const truncatedBit = 0x02
/** What of a query's flags its answer repeats: RD here, CD in the next byte. */
const recursionDesiredBit = 0x01
const opcodeAndRecursionDesired = 0x79
const checkingDisabledBit = 0x10
const recursionAvailableBit = 0x80
const dnssecOkBit = 0x80

const optBytes = 11
/** Of the memory that datagrams are written to before they are sent, a batch of them. */
const slabBytes = 64 * 1024

export interface WriterOptions {
  /** What we take over UDP, and the most that we send, in bytes. */
  readonly udpBytesMax: number
  /** RA. */
  readonly isForwarding: boolean
}

export class AnswerWriter {
  private readonly udpBytesMax: number
  private readonly isForwarding: boolean
  private readonly slab: Bytes
  private used = 0

  /** `isReused`: answers are valid until `reset`; else each has memory of its own. */
  constructor(options: WriterOptions, isReused: boolean) {
    this.udpBytesMax = options.udpBytesMax
    this.isForwarding = options.isForwarding
    this.slab = new Uint8Array(isReused ? slabBytes : 0)
  }

  /** The answers written before may be overwritten from now on. */
  reset(): void {
    this.used = 0
  }

  /** What the client of a query takes over UDP (RFC 6891 §6.2.3), and we send. */
  udpLimit(query: QueryView): number {
    const asked = Math.max(query.udpBytesMax, DnsMessage.udpBytesMax)
    return Math.min(asked, this.udpBytesMax)
  }

  /**
   * The answer to `query`, of at most `bytesMax` bytes: what does not fit is left out whole, and
   * the answer says that it is truncated (TC).
   */
  answer(query: QueryView, prepared: PreparedAnswer, bytesMax: number): Bytes {
    const { message } = prepared
    const whole = message.length + (query.hasEdns ? optBytes : 0)
    const isWhole = whole <= bytesMax
    const out = this.allocate(isWhole ? whole : this.emptyBytes(query))
    if (isWhole) out.set(message)
    else out.set(message.subarray(0, headerBytes))
    this.address(out, query)
    if (!isWhole) {
      out[2]! |= truncatedBit
      out.fill(0, 6, headerBytes)
    }
    if (query.hasEdns) this.writeOpt(out, query, 0)
    return out
  }

  /** An answer that is a response code, 0–4095, and the question as far as there is one. */
  refusal(query: QueryView, code: number): Bytes {
    const out = this.allocate(this.emptyBytes(query))
    out.fill(0, 0, headerBytes)
    out[2] = responseBit | (query.bytes[2]! & opcodeAndRecursionDesired)
    out[3] = (this.isForwarding ? recursionAvailableBit : 0) | (code & 0x0f)
    this.address(out, query)
    out[5] = query.questionEnd > headerBytes ? 1 : 0
    if (query.hasEdns) this.writeOpt(out, query, code >> 4)
    return out
  }

  private emptyBytes(query: QueryView): number {
    return query.questionEnd + (query.hasEdns ? optBytes : 0)
  }

  // Small views cost less than small arrays. What has no room in the slab gets memory of its own.
  private allocate(bytes: number): Bytes {
    const start = this.used
    if (start + bytes > this.slab.length) return new Uint8Array(bytes)
    this.used = start + bytes
    return this.slab.subarray(start, start + bytes)
  }

  /** The id, the flags that come back, and the question in the client's own letters. */
  private address(out: Bytes, query: QueryView): void {
    const { bytes, questionEnd } = query
    out[0] = bytes[0]!
    out[1] = bytes[1]!
    out[2]! |= bytes[2]! & recursionDesiredBit
    out[3]! |= bytes[3]! & checkingDisabledBit
    for (let at = headerBytes; at < questionEnd; at++) out[at] = bytes[at]!
  }

  private writeOpt(out: Bytes, query: QueryView, codeHigh: number): void {
    const at = out.length - optBytes
    out[at] = 0
    setU16(out, at + 1, RecordCode.opt)
    setU16(out, at + 3, this.udpBytesMax)
    out[at + 5] = codeHigh
    out[at + 6] = 0
    out[at + 7] = query.dnssecOk ? dnssecOkBit : 0
    out[at + 8] = 0
    setU16(out, at + 9, 0)
    setU16(out, 10, u16(out, 10) + 1)
  }
}
