/** A `TlsStreamPort` over one `TLSSocket`, whose handshake is over when `begin` is called. */
import type { TLSSocket } from "node:tls"
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
  type TurnPort,
  WouldBlock
} from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"
import type { Carrier } from "./NodeCarrier.ts"
import * as NodeCertificate from "./NodeCertificate.ts"
import { brokenPipe } from "./NodeErrno.ts"
import { streamFailure } from "./NodeTlsErrno.ts"

export class NodeTlsStream implements TlsStreamPort {
  lent = false
  protocol: TlsVersion = "TLSv1.3"
  applicationProtocol: string | undefined
  serverName: string | undefined
  isResumed = false
  peerCertificate: PortCertificate | undefined
  session: Uint8Array | undefined
  private readonly turn: TurnPort
  private readonly socket: TLSSocket
  private readonly transport: StreamPort
  private readonly request: TlsWrapRequest
  private events: StreamEvents | undefined
  private chunk: Buffer | undefined
  private taken = 0
  private isClosing = false
  private isShutDown = false
  private isCutOff = false
  private readingOver: typeof End | PortFailure | undefined
  private writingOver: PortFailure | undefined

  constructor(turn: TurnPort, socket: TLSSocket, carrier: Carrier, request: TlsWrapRequest) {
    this.turn = turn
    this.socket = socket
    this.transport = request.transport
    this.request = request
    // A ticket of TLS 1.2 comes before the handshake is over.
    if (request.side._tag === "Client") socket.on("session", (ticket) => (this.session = ticket))
    if (request.closeNotify === "strict") this.watchEnd(carrier)
  }

  // Only while the end is being pushed can it be told what ended.
  private watchEnd(carrier: Carrier): void {
    const { socket } = this
    const push = socket.push.bind(socket)
    socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
      if (chunk === null) this.isCutOff = carrier.isCutOff(socket)
      return push(chunk, encoding)
    }
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
    this.peerCertificate = certificate && NodeCertificate.toPort(certificate)
    socket.on("data", (chunk: Buffer) => this.onData(chunk))
    socket.on("end", () => this.onEnd())
    socket.on("drain", () => this.onDrain())
    socket.on("error", (error) => this.onError(error))
    socket.on("close", () => this.onSocketClose())
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
    return this.chunk !== undefined || this.readingOver !== undefined
  }

  get bytesUnread(): number {
    return this.chunk === undefined ? 0 : this.chunk.length - this.taken
  }

  // Node allocates each chunk: its bytes are the taker's, kept or not.
  tryRead(bytesMax: number, _keep: boolean): ReadOutcome {
    const { chunk, taken } = this
    if (chunk === undefined) return this.readingOver ?? WouldBlock
    const end = Math.min(chunk.length, taken + bytesMax)
    if (end === chunk.length) this.letGo()
    else this.taken = end
    return new Uint8Array(chunk.buffer, chunk.byteOffset + taken, end - taken)
  }

  private letGo(): void {
    this.chunk = undefined
    this.taken = 0
    if (this.socket.isPaused()) this.socket.resume()
  }

  tryWrite(bytes: Uint8Array): number | PortFailure {
    const { socket } = this
    if (this.writingOver !== undefined) return this.writingOver
    if (socket.destroyed) return (this.writingOver = brokenPipe())
    socket.write(bytes)
    // `node:tls` ends every write in a later callback, and reads the memory until then.
    this.lent = socket.writableLength > 0
    return bytes.length
  }

  get writable(): boolean {
    return !this.lent && this.writingOver === undefined && !this.socket.destroyed
  }

  shutdown(): void {
    this.isShutDown = true
    if (!this.socket.destroyed) this.socket.end()
  }

  close(): void {
    if (this.isClosing) return
    this.isClosing = true
    // close_notify goes to the kernel here, unless a write before it is not through yet.
    if (!this.isShutDown && !this.socket.destroyed) this.socket.end()
    this.transport.close()
  }

  reset(): void {
    if (this.isClosing) return
    this.isClosing = true
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

  private onData(chunk: Buffer): void {
    if (this.isClosing) return
    this.chunk = chunk
    this.raiseReadable()
    if (this.chunk !== undefined) this.socket.pause()
  }

  private onEnd(): void {
    this.readingOver ??= this.isCutOff ? new PortFailure(Reason.MissingCloseNotify()) : End
    this.raiseReadable()
  }

  private onDrain(): void {
    this.lent = false
    this.raiseWritable()
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
    this.writingOver ??= brokenPipe()
    this.readingOver ??= End
    this.raiseReadable()
    this.raiseWritable()
  }

  /** The descriptor is free, after `close` or `reset`. */
  onTransportClosed(): void {
    this.socket.destroy()
    this.chunk = undefined
    this.raise(() => this.events?.onClosed())
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
    if (!this.isClosing) this.raise(() => this.events?.onWritable())
  }

  private raise(event: () => void): void {
    this.turn.enter()
    try {
      event()
    } finally {
      this.turn.leave()
    }
  }
}

const sentName = ({ side }: TlsWrapRequest): string | undefined =>
  side._tag === "Client" ? side.serverName : undefined
