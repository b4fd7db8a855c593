/** A `TlsStreamPort` over one `TLSSocket`, whose handshake is over when `begin` is called. */
import { X509Certificate } from "node:crypto"
import type { TLSSocket } from "node:tls"
import {
  End,
  type KeepAlive,
  type PortAddress,
  type PortCertificate,
  PortFailure,
  raise,
  type ReadOutcome,
  type StreamEvents,
  type StreamPort,
  type TlsStreamPort,
  type TlsVersion,
  type TlsWrapRequest,
  type TurnPort,
  WouldBlock
} from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"
import type { Carrier } from "./NodeCarrier.ts"
import * as NodeCertificate from "./NodeCertificate.ts"
import { brokenPipe } from "../NodeErrno.ts"
import type { NodeSlabs } from "../tcp/NodeSlabs.ts"
import { NodeTlsReceiver, type Received } from "./NodeTlsReceiver.ts"
import { streamFailure } from "./NodeTlsErrno.ts"
import * as NodeTlsSession from "./NodeTlsSession.ts"

export class NodeTlsStream implements TlsStreamPort {
  lent = false
  protocol: TlsVersion = "TLSv1.3"
  applicationProtocol: string | undefined
  serverName: string | undefined
  isResumed = false
  peerCertificate: PortCertificate | undefined
  private ticket: Uint8Array | undefined
  private readonly turn: TurnPort
  private readonly socket: TLSSocket
  private readonly transport: StreamPort
  private readonly request: TlsWrapRequest
  private readonly carrier: Carrier
  private events: StreamEvents | undefined
  private readonly receiver: NodeTlsReceiver
  private isPaused = false
  /** Gathered records are told in a callback that is asked for already. */
  private isTelling = false
  private isClosing = false
  private isReset = false
  /** A write that Node has not reported yet. */
  private isWriting = false
  /** Somebody was told to wait for it. */
  private isAwaited = false
  private isShutDown = false
  /** What its end is, if it comes without close_notify. */
  private cutOff: typeof End | PortFailure | undefined
  private readingOver: typeof End | PortFailure | undefined
  protected writingOver: PortFailure | undefined

  /** Reads into the shared slab of `slabs`, where given and Node lets it. */
  constructor(
    turn: TurnPort,
    socket: TLSSocket,
    carrier: Carrier,
    request: TlsWrapRequest,
    slabs?: NodeSlabs
  ) {
    this.receiver = new NodeTlsReceiver(slabs)
    this.turn = turn
    this.socket = socket
    this.transport = request.transport
    this.request = request
    this.carrier = carrier
    // A ticket of TLS 1.2 comes before the handshake is over.
    if (request.side._tag === "Client") socket.on("session", (ticket) => (this.ticket = ticket))
    this.watchEnd()
  }

  // Only while the end is being pushed can it be told what ended.
  private watchEnd(): void {
    const { carrier, socket } = this
    const push = socket.push.bind(socket)
    socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
      if (chunk === null && carrier.isCutOff(socket)) this.cutOff = this.endOf(carrier)
      return push(chunk, encoding)
    }
  }

  private endOf(carrier: Carrier): typeof End | PortFailure {
    const reset = carrier.resetBehindEnd()
    if (reset !== undefined) return reset
    const isStrict = this.request.closeNotify === "strict"
    return isStrict ? new PortFailure(Reason.MissingCloseNotify()) : End
  }

  /** The handshake is over: what it found is read, and bytes may come. */
  begin(): void {
    const { request, socket } = this
    const isClient = request.side._tag === "Client"
    this.protocol = socket.getProtocol() as TlsVersion
    this.applicationProtocol = socket.alpnProtocol || undefined
    const { servername } = socket as { readonly servername?: string | false }
    this.serverName = isClient ? sentName(request) : servername || undefined
    this.isResumed = socket.isSessionReused()
    const certificate = socket.getPeerX509Certificate()
    const found = certificate ?? resumedCertificate(request, this.isResumed)
    this.peerCertificate = found && NodeCertificate.toPort(found)
    const isInSlab = this.receiver.readInto(socket, (received) => this.onRecord(received))
    if (isInSlab) socket.resume()
    else socket.on("data", (chunk: Buffer) => this.onData(chunk))
    socket.on("end", () => this.onEnd())
    socket.on("error", (error) => this.onError(error))
    socket.on("close", () => this.onSocketClose())
  }

  get session(): Uint8Array | undefined {
    const { peerCertificate, ticket } = this
    return ticket && NodeTlsSession.encode({ ticket, certificate: peerCertificate?.raw })
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
    return this.receiver.length > 0 || this.readingOver !== undefined
  }

  get bytesUnread(): number {
    return this.receiver.length
  }

  tryRead(bytesMax: number, keep: boolean): ReadOutcome {
    const { receiver } = this
    if (receiver.length === 0) {
      receiver.endLoan()
      return this.readingOver ?? WouldBlock
    }
    const bytes = receiver.take(bytesMax, keep)
    if (this.isPaused && receiver.length === 0) {
      this.isPaused = false
      this.socket.resume()
    }
    return bytes
  }

  tryWrite(bytes: Uint8Array): number | PortFailure {
    const { socket } = this
    if (this.writingOver !== undefined) return this.writingOver
    if (socket.destroyed) return (this.writingOver = brokenPipe())
    if (this.isWriting) {
      this.isAwaited = true
      return 0
    }
    this.isWriting = true
    // OpenSSL has encrypted or copied the bytes when this returns, though Node reports the end of
    // every write of TLS in a later callback.
    socket.write(bytes, this.onWritten)
    this.lent = this.isWriting && this.carrier.isFull()
    return bytes.length
  }

  get writable(): boolean {
    if (this.isWriting) this.isAwaited = true
    return !this.isWriting && this.writingOver === undefined && !this.socket.destroyed
  }

  // An event for each write would cost a sixth of an echo: only who was refused is told.
  private readonly onWritten = (error?: Error | null): void => {
    this.isWriting = false
    if (this.isClosing) return this.isReset ? undefined : this.closeTransport()
    // Its `error` event follows.
    if (error !== undefined && error !== null) return
    if (!this.lent && !this.isAwaited) return
    this.lent = this.isAwaited = false
    this.raiseWritable()
  }

  shutdown(): void {
    this.isShutDown = true
    if (!this.socket.destroyed) this.socket.end()
  }

  close(): void {
    if (this.isClosing) return
    this.isClosing = true
    // The kernel has what is being written, else it were lent; close_notify comes behind it.
    if (!this.isWriting) this.closeTransport()
  }

  private closeTransport(): void {
    const { carrier, socket } = this
    if (socket.destroyed) return this.transport.close()
    if (!this.isShutDown) socket.end()
    carrier.whenEnded(() => this.transport.close())
  }

  reset(): void {
    if (this.isClosing) return
    this.isClosing = this.isReset = true
    this.transport.reset()
  }

  setNoDelay(enabled: boolean): void | PortFailure {
    return this.transport.setNoDelay(enabled)
  }

  setKeepAlive(keepAlive: KeepAlive): void | PortFailure {
    return this.transport.setKeepAlive(keepAlive)
  }

  setRef(ref: boolean): void {
    this.transport.setRef(ref)
  }

  private onRecord(received: Received): void {
    if (received === "now") this.tell()
    else if (received === "full") this.pause()
    else if (received === "later" && !this.isTelling) {
      this.isTelling = true
      this.turn.later(this.tellGathered)
    }
  }

  private readonly tellGathered = (): void => {
    this.isTelling = false
    this.tell()
  }

  private tell(): void {
    if (this.isClosing) return
    this.raiseReadable()
    if (!this.receiver.settle()) this.pause()
  }

  private onData(chunk: Buffer): void {
    if (this.isClosing) return
    this.receiver.hold(chunk)
    this.raiseReadable()
    if (this.receiver.length > 0) this.pause()
  }

  private pause(): void {
    this.isPaused = true
    this.socket.pause()
  }

  /** No more will come. */
  protected onEnd(): void {
    this.readingOver ??= this.cutOff ?? End
    this.raiseReadable()
  }

  private onError(error: Error): void {
    const failure = streamFailure(error)
    this.writingOver ??= failure
    this.readingOver ??= failure
    this.lent = false
    this.raiseReadable()
    this.raiseWritable()
  }

  private onSocketClose(): void {
    this.lent = false
    // Closed by Node itself, with a write under way that is not to end any more.
    if (this.isClosing && !this.isReset && this.isWriting) {
      this.isWriting = false
      return this.transport.close()
    }
    this.writingOver ??= brokenPipe()
    this.readingOver ??= End
    this.raiseReadable()
    this.raiseWritable()
  }

  /** The descriptor is free, after `close` or `reset`. */
  onTransportClosed(): void {
    this.socket.destroy()
    this.receiver.dispose()
    raise(this.turn, () => this.events?.onClosed())
  }

  private raiseReadable(): void {
    if (this.isClosing || this.events === undefined) return
    this.turn.enter()
    try {
      this.events.onReadable()
    } finally {
      this.turn.leave()
    }
  }

  private raiseWritable(): void {
    if (!this.isClosing) raise(this.turn, () => this.events?.onWritable())
  }
}

const sentName = ({ side }: TlsWrapRequest): string | undefined =>
  side._tag === "Client" ? side.serverName : undefined

// Node does not tell the certificate of a session that it resumes as a client.
const resumedCertificate = ({ side }: TlsWrapRequest, isResumed: boolean) => {
  if (!isResumed || side._tag !== "Client" || side.session === undefined) return undefined
  const certificate = NodeTlsSession.decode(side.session)?.certificate
  return certificate && new X509Certificate(certificate)
}
