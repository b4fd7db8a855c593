/** A `TlsStreamPort` over a secure socket of Bun's, whose handshake is over. */
import {
  End,
  type PortAddress,
  type PortCertificate,
  PortFailure,
  type TlsStreamPort,
  type TlsVersion,
  type TurnPort
} from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"
import type { EndWatch } from "./BunCloseNotify.ts"
import { BunStream, letGo, type Socket } from "../tcp/BunStream.ts"
import { streamFailure } from "./BunTlsErrno.ts"
import type { SecureEvents, SecureSocket } from "./BunUpgrade.ts"

/** Bun takes a whole write, and keeps what the kernel does not: at most this much, and records. */
const bytesMaxPerWrite = 64 * 1024
/** What a session may have, as core takes it back. */
const sessionBytesMax = 64 * 1024
/** What the handshake found. */
export interface HandshakeFacts {
  readonly protocol: TlsVersion
  readonly applicationProtocol: string | undefined
  readonly serverName: string | undefined
  readonly isResumed: boolean
  readonly peerCertificate: PortCertificate | undefined
}

/** What a stream is made of. */
export interface StreamParts {
  readonly turn: TurnPort
  readonly socket: SecureSocket
  /** The shadow. */
  readonly transport: BunStream
  readonly watch: EndWatch
  readonly facts: HandshakeFacts
  /** How long Bun may try to send what it keeps, after the close. */
  readonly lingerMillis: number
}

export class BunTlsStream extends BunStream implements TlsStreamPort, SecureEvents {
  readonly protocol: TlsVersion
  readonly applicationProtocol: string | undefined
  readonly serverName: string | undefined
  readonly isResumed: boolean
  readonly peerCertificate: PortCertificate | undefined
  session: Uint8Array | undefined
  private readonly transport: BunStream
  private readonly watch: EndWatch
  protected readonly lingerMillis: number
  private isShutDown = false
  private isGone = false
  private linger: ReturnType<typeof setTimeout> | undefined

  constructor({ facts, lingerMillis, socket, transport, turn, watch }: StreamParts) {
    super(turn, socket as unknown as Socket, undefined, undefined)
    this.transport = transport
    this.watch = watch
    this.lingerMillis = lingerMillis
    this.protocol = facts.protocol
    this.applicationProtocol = facts.applicationProtocol
    this.serverName = facts.serverName
    this.isResumed = facts.isResumed
    this.peerCertificate = facts.peerCertificate
  }

  override get localAddress(): PortAddress | undefined {
    return this.transport.localAddress
  }

  override get peerAddress(): PortAddress | undefined {
    return this.transport.peerAddress
  }

  override tryWrite(bytes: Uint8Array): number | PortFailure {
    return bytes.length <= bytesMaxPerWrite ? super.tryWrite(bytes) : this.writeParts(bytes)
  }

  private writeParts(bytes: Uint8Array): number | PortFailure {
    let taken = 0
    while (taken < bytes.length) {
      const rest = bytes.subarray(taken, taken + bytesMaxPerWrite)
      const count = super.tryWrite(rest)
      if (count instanceof PortFailure) return taken > 0 ? taken : count
      taken += count
      if (count < rest.length) break
    }
    return taken
  }

  override shutdown(): void {
    this.isShutDown = true
    this.whenRoom(() => {
      if (!this.isGone) this.socket.shutdown()
    })
  }

  /** Calls back when close_notify finds room below: what the kernel does not take of it is lost. */
  protected whenRoom(then: () => void): void {
    then()
  }

  // Bun's `close()` sends no close_notify. With bytes that the kernel has not taken it keeps the
  // descriptor until they have left, for ever if the peer does not read, and deaf to `terminate()`:
  // only the shadow still hears.
  override close(): void {
    if (this.closing) return
    this.startClosing()
    if (this.isGone) return this.reportClosed()
    this.whenRoom(() => {
      if (this.isGone) return
      if (!this.isShutDown) this.socket.shutdown()
      this.socket.close()
    })
    if (this.isGone) return
    this.linger = setTimeout(() => this.transport.abandon(), this.lingerMillis)
  }

  override reset(): void {
    if (this.closing) return
    this.startClosing()
    if (this.isGone) this.reportClosed()
    else this.socket.terminate()
  }

  onSession(ticket: Uint8Array): void {
    if (ticket.length <= sessionBytesMax) this.session = new Uint8Array(ticket)
  }

  /** Bun's `error`, which `close` follows without a word of why. */
  onError(error: Error): void {
    this.writingOver ??= streamFailure(error)
    this.readingOver ??= this.writingOver
  }

  override onData(chunk: Uint8Array): void {
    if (this.protocol === "TLSv1.3") this.watch.delivered(chunk.length)
    if (this.closing) letGo(chunk)
    else super.onData(chunk)
  }

  override onEnd(): void {
    this.readingOver ??= this.watch.isEndExpected ? End : this.cutOff
    this.raiseReadable()
  }

  override onClose(error: Error | undefined): void {
    this.isGone = true
    clearTimeout(this.linger)
    if (this.closing) return this.reportClosed()
    // close_notify would have been an `end` before.
    if (error === undefined && !this.watch.takesAnyEnd) this.readingOver ??= this.cutOff
    super.onClose(error)
  }

  /** What an end without close_notify is. */
  protected get cutOff(): PortFailure {
    return new PortFailure(Reason.MissingCloseNotify())
  }

  onPassed(): void {
    if (this.isGone || this.closing) return
    if (this.held === undefined) this.resume()
    else this.pause()
  }

  // While the watch pauses the socket it stays so, whatever is read.
  protected override resume(): void {
    if (!this.watch.isPausing) super.resume()
  }
}
