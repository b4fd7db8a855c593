/**
 * Records both ways over a transport: what goes out in one piece until the transport took all of
 * it, what comes in one record at a time. Knows nothing of what the records say.
 */
import {
  type End,
  PortFailure,
  type StreamPort,
  type TlsWrapRequest,
  type WouldBlock
} from "@portico/core/port/index"
import { Alert, Fault, fault } from "./Alert.ts"
import * as Cipher from "./Cipher.ts"
import * as Octets from "./Octets.ts"
import { contentBytesMax, ContentType, RecordReader, type TlsRecord } from "./RecordReader.ts"

/** What a record says, as bytes. */
export interface Content {
  readonly type: number
  readonly bytes: Uint8Array
}

export type ContentOutcome = Content | Fault | PortFailure | typeof WouldBlock | typeof End

/** Where the keys of one direction stand. */
interface Keys {
  readonly key: Uint8Array
  sequence: number
}

const none = new Uint8Array(0)

export class RecordLayer {
  readonly transport: StreamPort
  /** Why nothing can be sent any more. */
  sendingOver: PortFailure | undefined
  private readonly reader: RecordReader
  private readKeys: Keys | undefined
  private writeKeys: Keys | undefined
  private unsent: Uint8Array = none
  private isHandshake = true
  private endWanted = false

  constructor({ transport, unread }: TlsWrapRequest) {
    this.transport = transport
    this.reader = new RecordReader(transport, unread)
  }

  encryptReads(key: Uint8Array): void {
    this.readKeys = { key, sequence: 0 }
  }

  encryptWrites(key: Uint8Array): void {
    this.writeKeys = { key, sequence: 0 }
  }

  /** From now on only application data, alerts and tickets are in order. */
  endHandshake(): void {
    this.isHandshake = false
  }

  /** Whether something waits for the transport to take it. */
  get isBlocked(): boolean {
    return this.sendingOver === undefined && (this.unsent.length > 0 || this.transport.lent)
  }

  /** Queues content, in as many records as it takes. `flush` sends it. */
  send(type: number, content: Uint8Array): void {
    const records: Array<Uint8Array> = [this.unsent]
    for (let at = 0; at === 0 || at < content.length; at += contentBytesMax) {
      records.push(this.toRecord(type, content.subarray(at, at + contentBytesMax)))
    }
    this.unsent = Octets.join(...records)
  }

  /** The record that middleboxes of the past expect (RFC 8446 §D.4). It says nothing. */
  sendChangeCipherSpec(): void {
    const record = Octets.join(headerOf(ContentType.changeCipherSpec, 1), [1])
    this.unsent = Octets.join(this.unsent, record)
  }

  private toRecord(type: number, content: Uint8Array): Uint8Array {
    const keys = this.writeKeys
    if (keys === undefined) return Octets.join(headerOf(type, content.length), content)
    const sealed = Cipher.seal(keys.key, keys.sequence++, type, content)
    return Octets.join(headerOf(ContentType.applicationData, sealed.length), sealed)
  }

  /** Ends the transport's sending side once everything has left. */
  end(): void {
    this.endWanted = true
    this.flush()
  }

  /** True when nothing is left to send. Otherwise the transport tells when to go on. */
  flush(): boolean {
    while (this.unsent.length > 0 && this.sendingOver === undefined) {
      if (this.transport.lent) return false
      const taken = this.transport.tryWrite(this.unsent)
      if (taken instanceof PortFailure) {
        this.sendingOver = taken
        break
      }
      if (taken === 0) return false
      this.unsent = taken === this.unsent.length ? none : this.unsent.subarray(taken)
    }
    if (this.isBlocked) return false
    if (this.endWanted && this.sendingOver === undefined) {
      this.endWanted = false
      this.transport.shutdown()
    }
    return true
  }

  sendAlert(alert: Alert): void {
    const level = alert === Alert.closeNotify || alert === Alert.userCanceled ? warning : fatal
    this.send(ContentType.alert, Uint8Array.of(level, alert))
    this.flush()
  }

  next(): ContentOutcome {
    for (;;) {
      const record = this.reader.next()
      if (typeof record === "string" || record instanceof Fault || record instanceof PortFailure) {
        return record
      }
      if (record.type !== ContentType.changeCipherSpec) return this.contentOf(record)
      const isNothing = record.body.length === 1 && record.body[0] === 1
      if (!this.isHandshake || !isNothing) return fault(Alert.unexpectedMessage)
    }
  }

  private contentOf({ body, type }: TlsRecord): Content | Fault {
    const keys = this.readKeys
    // Who could not read the keys' half of the handshake says so in plain.
    const isPlainAlert = type === ContentType.alert && keys?.sequence === 0
    if (keys === undefined || isPlainAlert) {
      const isDue = type === ContentType.alert || type === ContentType.handshake
      return isDue ? checked({ type, bytes: body }) : fault(Alert.unexpectedMessage)
    }
    if (type !== ContentType.applicationData) return fault(Alert.unexpectedMessage)
    const opened = Cipher.open(keys.key, keys.sequence++, body)
    if (opened === undefined) return fault(Alert.badRecordMac)
    return checked({ type: opened.type, bytes: opened.content })
  }
}

const warning = 1
const fatal = 2

const checked = (content: Content): Content | Fault => {
  if (content.bytes.length > contentBytesMax) return fault(Alert.recordOverflow)
  // Only application data may be empty.
  const isEmpty = content.bytes.length === 0 && content.type !== ContentType.applicationData
  const isAlert = content.type === ContentType.alert
  return isEmpty || (isAlert && content.bytes.length !== 2) ? fault(Alert.decodeError) : content
}

const headerOf = (type: number, length: number): ReadonlyArray<number> => [
  type,
  3,
  3,
  length >> 8,
  length & 0xff
]
