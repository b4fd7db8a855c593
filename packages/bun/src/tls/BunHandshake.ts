/** One handshake on a socket of Bun's, which is upgraded in place. */
import {
  type Attempt,
  End,
  type PortFailure,
  raise,
  type TlsContext,
  type TlsVersion,
  type TlsWrapEvents,
  type TlsWrapRequest,
  type TurnPort
} from "@portico/core/port/index"
import * as NodeCertificate from "@portico/node/tls/NodeCertificate"
import type { NodeTlsContext } from "@portico/node/tls/NodeTlsContext"
import { anyEnd, CloseNotifyWatch, type EndWatch } from "./BunCloseNotify.ts"
import type { BunStream } from "../tcp/BunStream.ts"
import { clientVerdict, handshakeEnded, handshakeFailure, serverVerdict } from "./BunTlsErrno.ts"
import { BunTlsStream, type HandshakeFacts, type StreamParts } from "./BunTlsStream.ts"
import type { HandshakeEvents, SecureSocket, Upgrade } from "./BunUpgrade.ts"
import { failureOf } from "../BunErrno.ts"

export class BunHandshake implements Attempt, HandshakeEvents {
  private readonly turn: TurnPort
  private readonly transport: BunStream
  private readonly request: TlsWrapRequest
  private readonly events: TlsWrapEvents
  private readonly lingerMillis: number
  private readonly makeStream: (parts: StreamParts) => BunTlsStream
  private readonly watch: EndWatch
  private secure: SecureSocket | undefined
  private session: Uint8Array | undefined
  private isCancelled = false
  /** The one event is raised, or about to be. */
  private isOver = false

  constructor(
    turn: TurnPort,
    transport: BunStream,
    request: TlsWrapRequest,
    events: TlsWrapEvents,
    lingerMillis: number,
    makeStream: (parts: StreamParts) => BunTlsStream = (parts) => new BunTlsStream(parts)
  ) {
    this.turn = turn
    this.transport = transport
    this.request = request
    this.events = events
    this.lingerMillis = lingerMillis
    this.makeStream = makeStream
    this.watch = request.closeNotify === "strict" ? new CloseNotifyWatch(turn) : anyEnd
    const upgraded = this.upgrade()
    if ("write" in upgraded) this.watch.start((this.secure = upgraded))
    else this.fail(upgraded)
  }

  private upgrade(): SecureSocket | PortFailure {
    const { request, transport, watch } = this
    const shared = { data: this, ciphertext: watch }
    try {
      const upgraded = transport.upgrade({ ...shared, ...optionsOf(request) }, request.unread)
      return upgraded === End ? handshakeEnded() : upgraded
    } catch (error) {
      return handshakeFailure(error as Error)
    }
  }

  cancel(): void {
    this.isCancelled = true
    this.isOver = true
  }

  onOpen(socket: SecureSocket): void {
    const { side } = this.request
    if (side._tag === "Client" && side.session !== undefined) socket.setSession(side.session)
  }

  onServerName(name: string): object {
    const { side } = this.request
    if (side._tag === "Client") throw new Error("A client is asked for its context")
    return nativeOf(side.contextFor(name))
  }

  onHandshake(socket: SecureSocket, isOk: boolean, error: Error | null): void {
    if (this.isOver) return
    const refused = this.verdict(socket, isOk, error)
    if (refused !== undefined) return this.fail(refused)
    this.isOver = true
    const { lingerMillis, transport, turn, watch } = this
    const facts = factsOf(socket, this.request)
    const stream = this.makeStream({ turn, socket, transport, watch, facts, lingerMillis })
    if (this.session !== undefined) stream.onSession(this.session)
    socket.data = stream
    raise(this.turn, () => this.events.onSecure(stream))
  }

  private verdict(
    socket: SecureSocket,
    isOk: boolean,
    error: Error | null
  ): PortFailure | undefined {
    const { side } = this.request
    if (side._tag === "Client") return clientVerdict(isOk, error)
    const isAsked = side.clientCertificate !== "none"
    const isShown = isAsked && socket.getPeerX509Certificate() !== undefined
    return serverVerdict(isOk, error, isShown)
  }

  onSession(ticket: Uint8Array): void {
    this.session = ticket
  }

  onClose(error: Error | undefined): void {
    this.fail(error === undefined ? handshakeEnded() : failureOf(error))
  }

  onEnd(): void {
    this.fail(handshakeEnded())
  }

  onError(error: Error): void {
    this.fail(handshakeFailure(error))
  }

  onPassed(): void {
    if (!this.isOver) this.secure!.resume()
  }

  onData(): void {}
  onDrain(): void {}

  // In a later callback: Bun is not through with a socket whose handshake fails.
  private fail(failure: PortFailure): void {
    if (this.isOver) return
    this.isOver = true
    this.turn.later(() => {
      if (!this.isCancelled) raise(this.turn, () => this.events.onFailed(failure))
    })
  }
}

/** Bun's own context, in the one that `node:tls` made. */
const nativeOf = (context: TlsContext): object => {
  const { secure } = context as NodeTlsContext
  return (secure as unknown as { readonly context: object }).context
}

// Whether the peer's chain is accepted is decided when the handshake is over, its name by core.
const optionsOf = ({ alpn, side }: TlsWrapRequest): Pick<Upgrade, "isServer" | "tls"> => {
  const protocols = alpn.length === 0 ? {} : { ALPNProtocols: wireOf(alpn) }
  if (side._tag === "Client") {
    const serverName = side.serverName ?? ""
    const verifying = { requestCert: true, rejectUnauthorized: false }
    const secureContext = nativeOf(side.context)
    return { isServer: false, tls: { secureContext, serverName, ...verifying, ...protocols } }
  }
  const verifying = {
    requestCert: side.clientCertificate !== "none",
    rejectUnauthorized: side.clientCertificate === "require"
  }
  const secureContext = nativeOf(side.contextFor(undefined))
  return { isServer: true, tls: { secureContext, ...verifying, ...protocols } }
}

const wireOf = (protocols: ReadonlyArray<string>): Uint8Array =>
  Buffer.concat(
    protocols.map((protocol) => {
      const name = Buffer.from(protocol)
      return Buffer.concat([Buffer.of(name.length), name])
    })
  )

const factsOf = (socket: SecureSocket, { side }: TlsWrapRequest): HandshakeFacts => {
  const certificate = socket.getPeerX509Certificate() as
    | ReturnType<SecureSocket["getPeerX509Certificate"]>
    | undefined
  return {
    protocol: socket.getTLSVersion() as TlsVersion,
    applicationProtocol: socket.alpnProtocol || undefined,
    serverName: (side._tag === "Client" ? side.serverName : socket.getServername()) || undefined,
    isResumed: socket.isSessionReused(),
    peerCertificate: certificate && NodeCertificate.toPort(certificate)
  }
}
