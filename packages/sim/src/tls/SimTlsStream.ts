/**
 * A TLS stream whose handshake is over.
 *
 * It holds the content of one record that nobody has read yet, and one record that its transport
 * has not taken yet. While there is such a record the stream is `lent`: nothing of the writer's
 * memory is read any more, but core must not think that the bytes have left, and close.
 */
import {
  End,
  type KeepAlive,
  type PortAddress,
  type PortCertificate,
  PortFailure,
  type ReadOutcome,
  type StreamEvents,
  type StreamPort,
  type TlsStreamPort,
  type TlsVersion,
  type TlsWrapRequest,
  WouldBlock
} from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"
import type { SimPorts } from "../port/SimPorts.ts"
import * as X509Certificate from "../x509/X509Certificate.ts"
import { Alert, Fault, fault, streamFailure, streamFault } from "./Alert.ts"
import type { Facts } from "./Conversation.ts"
import { attempt, Malformed } from "../x509/Malformed.ts"
import { type Message, MessageReader } from "./MessageReader.ts"
import * as Messages from "./Messages.ts"
import type { ContentOutcome, RecordLayer } from "./RecordLayer.ts"
import { contentBytesMax, ContentType } from "./RecordReader.ts"
import * as Tickets from "./Tickets.ts"

export class SimTlsStream implements TlsStreamPort, StreamEvents {
  readonly protocol: TlsVersion
  readonly applicationProtocol: string | undefined
  readonly serverName: string | undefined
  readonly isResumed: boolean
  readonly peerCertificate: PortCertificate | undefined
  session: Uint8Array | undefined

  private readonly ports: SimPorts
  private readonly layer: RecordLayer
  private readonly transport: StreamPort
  private readonly request: TlsWrapRequest
  private readonly facts: Facts
  private readonly nowMillis: () => number
  private readonly messages = new MessageReader()
  private events: StreamEvents | undefined
  private unread: Uint8Array | undefined
  private readingOver: typeof End | PortFailure | undefined
  private isShutDown = false
  private isClosed = false

  constructor(
    ports: SimPorts,
    layer: RecordLayer,
    request: TlsWrapRequest,
    facts: Facts,
    nowMillis: () => number
  ) {
    this.ports = ports
    this.layer = layer
    this.transport = layer.transport
    this.request = request
    this.facts = facts
    this.nowMillis = nowMillis
    this.protocol = facts.protocol
    this.applicationProtocol = facts.applicationProtocol
    this.serverName = facts.serverName
    this.isResumed = facts.isResumed
    const [own] = facts.chain
    this.peerCertificate = own && X509Certificate.toPort(own)
  }

  attach(events: StreamEvents): void {
    this.events = events
  }

  get localAddress(): PortAddress | undefined {
    return this.transport.localAddress
  }

  get peerAddress(): PortAddress | undefined {
    return this.transport.peerAddress
  }

  get readable(): boolean {
    this.fill()
    return this.unread !== undefined || this.readingOver !== undefined
  }

  get bytesUnread(): number {
    this.fill()
    return this.unread === undefined ? 0 : this.unread.length
  }

  // Each record is opened in memory of its own: the taker's, kept or not.
  tryRead(bytesMax: number, _keep: boolean): ReadOutcome {
    this.fill()
    const { unread } = this
    if (unread === undefined) return this.readingOver ?? WouldBlock
    this.unread = unread.length > bytesMax ? unread.subarray(bytesMax) : undefined
    return unread.subarray(0, bytesMax)
  }

  /** Takes records as far as the next that has bytes to read, or the end. */
  private fill(): void {
    while (this.unread === undefined && this.readingOver === undefined && !this.isClosed) {
      const content = this.layer.next()
      if (content === WouldBlock) return
      const outcome = this.outcomeOf(content)
      if (outcome instanceof Fault) this.giveUp(outcome)
      else if (outcome instanceof Uint8Array) this.unread = outcome
      else this.readingOver = outcome
    }
  }

  /** Bytes to read, how reading ends, or undefined for what is no matter of the reader's. */
  private outcomeOf(
    content: Exclude<ContentOutcome, typeof WouldBlock>
  ): Fault | PortFailure | Uint8Array | typeof End | undefined {
    if (content instanceof Fault || content instanceof PortFailure) return content
    if (content === End) {
      const isEnd = this.request.closeNotify === "compatible"
      return isEnd ? End : new PortFailure(Reason.MissingCloseNotify())
    }
    const { bytes, type } = content
    if (type === ContentType.applicationData) return bytes.length > 0 ? bytes : undefined
    if (type === ContentType.handshake) return this.takeHandshake(bytes)
    if (type !== ContentType.alert) return fault(Alert.unexpectedMessage)
    const code = bytes[1]!
    if (code === Alert.closeNotify) return End
    return code === Alert.userCanceled ? undefined : this.endSending(streamFailure(code))
  }

  private takeHandshake(bytes: Uint8Array): Fault | undefined {
    this.messages.push(bytes)
    for (;;) {
      const message = this.messages.next()
      if (message === undefined || message instanceof Fault) return message
      const isTicket = message.type === Messages.MessageType.newSessionTicket
      if (!isTicket || this.request.side._tag === "Server") return fault(Alert.unexpectedMessage)
      if (this.takeTicket(message) !== undefined) return fault(Alert.decodeError)
    }
  }

  private takeTicket({ body }: Message): Malformed | undefined {
    const found = attempt(() => Messages.decodeTicket(body))
    if (found instanceof Malformed) return found
    const { lifetimeSeconds, ticket } = found
    const untilMillis = this.nowMillis() + lifetimeSeconds * 1000
    const session = Tickets.encodeSession({ chain: this.facts.chain, ticket, untilMillis })
    this.session = session ?? this.session
    return undefined
  }

  private giveUp(outcome: Fault): void {
    if (outcome.alert !== undefined && !this.isShutDown) this.layer.sendAlert(outcome.alert)
    this.readingOver = this.endSending(streamFault(outcome))
  }

  private endSending(failure: PortFailure): PortFailure {
    this.layer.sendingOver ??= failure
    return failure
  }

  tryWrite(bytes: Uint8Array): number | PortFailure {
    const { layer } = this
    let taken = 0
    while (taken < bytes.length && layer.flush() && layer.sendingOver === undefined) {
      const content = bytes.subarray(taken, taken + contentBytesMax)
      layer.send(ContentType.applicationData, content)
      taken += content.length
    }
    layer.flush()
    return layer.sendingOver ?? taken
  }

  get lent(): boolean {
    return this.layer.isBlocked
  }

  get writable(): boolean {
    const isOpen = !this.isShutDown && !this.isClosed
    return isOpen && this.layer.sendingOver === undefined && !this.layer.isBlocked
  }

  shutdown(): void {
    if (this.isShutDown) return
    this.isShutDown = true
    this.layer.sendAlert(Alert.closeNotify)
    this.layer.end()
  }

  close(): void {
    if (this.isClosed) return
    // Tickets that nobody looked for are no bytes that somebody has left unread.
    this.fill()
    this.isClosed = true
    if (!this.isShutDown && !this.layer.isBlocked) this.layer.sendAlert(Alert.closeNotify)
    this.transport.close()
  }

  reset(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.transport.reset()
  }

  setNoDelay(enabled: boolean): void | PortFailure {
    return this.transport.setNoDelay(enabled)
  }

  setKeepAlive(keepAlive: KeepAlive): void | PortFailure {
    return this.transport.setKeepAlive(keepAlive)
  }

  setRef(isRef: boolean): void {
    this.transport.setRef(isRef)
  }

  onReadable(): void {
    if (this.isClosed || this.events === undefined) return
    const { readable } = this
    this.ports.raise(() => {
      if (readable) this.events!.onReadable()
      // Who only writes is told that nothing can be sent any more.
      if (this.layer.sendingOver !== undefined && !this.isClosed) this.events!.onWritable()
    })
  }

  onWritable(): void {
    if (this.isClosed || this.events === undefined) return
    if (this.layer.flush()) this.ports.raise(() => this.events!.onWritable())
  }

  onClosed(): void {
    this.ports.raise(() => this.events?.onClosed())
  }
}
