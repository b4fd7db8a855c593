/** Messages of the handshake out of records, which may hold several, or a part of one. */
import { Alert, type Fault, fault } from "./Alert.ts"
import * as Octets from "./Octets.ts"

export interface Message {
  readonly type: number
  readonly body: Uint8Array
  /** With type and length. */
  readonly whole: Uint8Array
}

/** A longer message is refused unread: a chain of ten certificates of 12 KiB. */
export const messageBytesMax = 128 * 1024

export class MessageReader {
  private bytes: Uint8Array = new Uint8Array(0)

  /** Whether nothing of a message is there. */
  get isEmpty(): boolean {
    return this.bytes.length === 0
  }

  push(bytes: Uint8Array): void {
    this.bytes = Octets.join(this.bytes, bytes)
  }

  /** Undefined when more bytes are needed. */
  next(): Message | Fault | undefined {
    const { bytes } = this
    if (bytes.length < 4) return undefined
    const length = (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!
    if (length > messageBytesMax) return fault(Alert.illegalParameter)
    if (bytes.length < 4 + length) return undefined
    const whole = bytes.slice(0, 4 + length)
    this.bytes = bytes.slice(4 + length)
    return { type: bytes[0]!, body: whole.subarray(4), whole }
  }
}
