/**
 * Takes one record after the other from a stream (RFC 8446 §5.1), and no byte more than the one
 * under way has: what is held here is less than one record.
 */
import {
  type End,
  type PortFailure,
  type ReadOutcome,
  type StreamPort,
  type WouldBlock
} from "@portico/core/port/index"
import { Alert, Fault, fault, notTls } from "./Alert.ts"

export const ContentType = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23
} as const

/** Content of one record; longer content takes several. */
export const contentBytesMax = 16_384
/** What encryption may add to it. */
const recordBytesMax = contentBytesMax + 256
export const headerBytes = 5

export interface TlsRecord {
  readonly type: number
  readonly body: Uint8Array
}

export class RecordReader {
  private readonly transport: StreamPort
  private unread: Uint8Array
  private readonly header = new Uint8Array(headerBytes)
  private body: Uint8Array | undefined
  /** How much of the header or the body is there. */
  private filled = 0
  private isFirst = true

  /** `unread` comes before what the transport has. */
  constructor(transport: StreamPort, unread: Uint8Array) {
    this.transport = transport
    this.unread = unread
  }

  /** A record whose body is the caller's, or why there is none. `End` may be in mid-record. */
  next(): TlsRecord | Fault | PortFailure | typeof WouldBlock | typeof End {
    if (this.body === undefined) {
      const missing = this.fill(this.header)
      if (missing !== undefined) return missing
      const length = this.bodyLength()
      if (length instanceof Fault) return length
      this.body = new Uint8Array(length)
      this.filled = 0
    }
    const { body } = this
    const missing = this.fill(body)
    if (missing !== undefined) return missing
    this.body = undefined
    this.filled = 0
    this.isFirst = false
    return { type: this.header[0]!, body }
  }

  private bodyLength(): number | Fault {
    const { header, isFirst } = this
    const length = (header[3]! << 8) | header[4]!
    const isKnown = header[0]! >= ContentType.changeCipherSpec && header[0]! <= 23
    // What is no record at the very beginning was never meant as one.
    if (!isKnown || header[1] !== 3) return isFirst ? notTls : fault(Alert.unexpectedMessage)
    if (length > recordBytesMax) return isFirst ? notTls : fault(Alert.recordOverflow)
    return length
  }

  /** Undefined when `target` is full. */
  private fill(target: Uint8Array): PortFailure | typeof WouldBlock | typeof End | undefined {
    while (this.filled < target.length) {
      const outcome = this.take(target.length - this.filled)
      if (!(outcome instanceof Uint8Array)) return outcome
      target.set(outcome, this.filled)
      this.filled += outcome.length
    }
    return undefined
  }

  private take(bytesMax: number): ReadOutcome {
    const { unread } = this
    if (unread.length === 0) return this.transport.tryRead(bytesMax, false)
    const taken = unread.subarray(0, bytesMax)
    this.unread = unread.subarray(taken.length)
    return taken
  }
}
