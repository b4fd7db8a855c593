/** One handshake over `node:tls`. */
import type * as Net from "node:net"
import * as Tls from "node:tls"
import {
  type Attempt,
  type PortFailure,
  raise,
  type TlsClientSide,
  type TlsContext,
  type TlsServerSide,
  type TlsWrapEvents,
  type TlsWrapRequest,
  type TurnPort
} from "@portico/core/port/index"
import { type Carrier, carry } from "./NodeCarrier.ts"
import type { NodeTlsContext } from "./NodeTlsContext.ts"
import { chainFailure, handshakeEnded, handshakeFailure } from "./NodeTlsErrno.ts"
import * as NodeTlsSession from "./NodeTlsSession.ts"
import type { NodeTlsStream } from "./NodeTlsStream.ts"

const secureOf = (context: TlsContext): Tls.SecureContext => (context as NodeTlsContext).secure

/** Parts of `TLSSocket` that its documentation leaves out. */
interface Hidden {
  /** From then on errors are events of the socket, and no longer of a `tls.Server`. */
  _releaseControl?(): void
  readonly _handle?: { verifyError?(): { readonly code?: string } | null } | null
}

export type MakeStream = (...args: ConstructorParameters<typeof NodeTlsStream>) => NodeTlsStream

export class NodeHandshake implements Attempt {
  private readonly turn: TurnPort
  private readonly request: TlsWrapRequest
  private readonly events: TlsWrapEvents
  private readonly makeStream: MakeStream
  private stream: NodeTlsStream | undefined
  private socket: Tls.TLSSocket | undefined
  private readonly carrier: Carrier | undefined
  private isDone = false

  constructor(
    turn: TurnPort,
    request: TlsWrapRequest,
    events: TlsWrapEvents,
    makeStream: MakeStream
  ) {
    this.turn = turn
    this.request = request
    this.events = events
    this.makeStream = makeStream
    const { transport, unread } = request
    this.carrier = carry(transport, unread, () => this.stream?.onTransportClosed())
    if (this.carrier === undefined) turn.later(() => this.fail(handshakeEnded()))
    else this.begin(this.carrier)
  }

  private begin(carrier: Carrier): void {
    const { request } = this
    const socket = (this.socket =
      request.side._tag === "Client"
        ? connect(carrier, request, request.side)
        : accept(carrier, request, request.side))
    this.stream = this.makeStream(this.turn, socket, carrier, request)
    socket.on("error", this.onError)
    socket.on("close", this.onEnd)
    // A server's errors before its control is released.
    socket.on("_tlsError", this.onError)
    if (request.side._tag === "Client") socket.once("secureConnect", () => this.onSecure())
    else {
      socket.once("end", this.onEnd)
      socket.once("secure", () => this.onSecure())
    }
  }

  private readonly onError = (error: Error) => this.fail(handshakeFailure(error))
  private readonly onEnd = () => this.fail(handshakeEnded())

  private onSecure(): void {
    if (this.isDone) return
    const socket = this.socket!
    const refused = this.verdict(socket)
    if (refused !== undefined) return this.fail(chainFailure(refused))
    ;(socket as Hidden)._releaseControl?.()
    socket.off("error", this.onError).off("close", this.onEnd).off("end", this.onEnd)
    socket.off("_tlsError", this.onError)
    const stream = this.stream!
    stream.begin()
    // Node says so before it has written the last records: a stream that was closed now would have
    // none of them sent.
    this.turn.later(() => {
      if (this.isDone) return
      this.isDone = true
      raise(this.turn, () => this.events.onSecure(stream))
    })
  }

  /** OpenSSL's word on the peer's chain, where there is one and it is not "ok". */
  private verdict(socket: Tls.TLSSocket): string | undefined {
    const { side } = this.request
    if (side._tag === "Client") return codeOf(socket.authorizationError)
    if (side.clientCertificate === "none" || socket.getPeerX509Certificate() === undefined) {
      return undefined
    }
    const { _handle: handle } = socket as Hidden
    if (typeof handle?.verifyError !== "function") return "NOT_VERIFIED"
    return handle.verifyError()?.code
  }

  private fail(failure: PortFailure): void {
    if (this.isDone) return
    this.isDone = true
    this.abandon()
    raise(this.turn, () => this.events.onFailed(failure))
  }

  // The transport's descriptor is core's to close; nothing of the socket is heard any more.
  private abandon(): void {
    this.socket?.on("error", () => {})
    this.carrier?.abandon()
  }

  cancel(): void {
    if (this.isDone) return
    this.isDone = true
    this.abandon()
  }
}

const codeOf = (error: Error | string | null | undefined): string | undefined =>
  error instanceof Error ? error.message : (error ?? undefined)

const connect = (carrier: Carrier, request: TlsWrapRequest, side: TlsClientSide) => {
  const options: Tls.ConnectionOptions = {
    socket: carrier.stream as Net.Socket,
    secureContext: secureOf(side.context),
    ...(side.serverName === undefined ? {} : { servername: side.serverName }),
    ...sessionOf(side),
    ...protocols(request),
    // The chain is judged when the handshake is over, the name by core.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined
  }
  return Tls.connect(options)
}

const sessionOf = ({ session }: TlsClientSide) => {
  const decoded = session && NodeTlsSession.decode(session)
  return decoded === undefined ? {} : { session: Buffer.from(decoded.ticket) }
}

const accept = (carrier: Carrier, request: TlsWrapRequest, side: TlsServerSide) => {
  const options: Tls.TLSSocketOptions = {
    isServer: true,
    secureContext: secureOf(side.contextFor(undefined)),
    SNICallback: (name, answer) => answer(null, secureOf(side.contextFor(name))),
    requestCert: side.clientCertificate !== "none",
    rejectUnauthorized: side.clientCertificate === "require",
    ...protocols(request)
  }
  return new Tls.TLSSocket(carrier.stream as Net.Socket, options)
}

const protocols = ({ alpn }: TlsWrapRequest) =>
  alpn.length === 0 ? {} : { ALPNProtocols: Array.from(alpn) }
