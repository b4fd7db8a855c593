/**
 * What a backend provides for TLS: it makes a stream of a stream. See `StreamPort` for the manner.
 *
 * The port does the protocol: records, handshake, chain verification, ALPN, tickets. Core decides
 * the rest: the deadline, whether the certificate is for the name, which credentials a server name
 * gets, what the stream promises afterwards.
 */
import type { PortFailure } from "./PortFailure.ts"
import type { StreamPort } from "./StreamPort.ts"
import type { Attempt } from "./TcpPort.ts"

export type TlsVersion = "TLSv1.2" | "TLSv1.3"

/** PEM texts, parsed once for many connections. */
export interface TlsContextRequest {
  readonly side: "client" | "server"
  /** What this side shows: its chain, own certificate first, and its key. A server has them. */
  readonly credentials: { readonly certificate: string; readonly key: string } | undefined
  /** The authorities whose certificates are accepted from the peer. */
  readonly trust: "system" | ReadonlyArray<string>
  readonly minVersion: TlsVersion
}

/** What the port made of a request; core only passes it on. Never changed, needs no closing. */
export type TlsContext = object

export interface TlsClientSide {
  readonly _tag: "Client"
  readonly context: TlsContext
  /** SNI, in ASCII (A-labels); undefined sends none. */
  readonly serverName: string | undefined
  /** A ticket as `TlsStreamPort.session` gave it. One that is of no use is ignored. */
  readonly session: Uint8Array | undefined
}

export interface TlsServerSide {
  readonly _tag: "Server"
  /**
   * The context for a client that sends this server name, or none. A pure lookup, asked in the
   * handshake; a host that must have one before the client has spoken asks for none first, and
   * the last answer holds.
   */
  readonly contextFor: (serverName: string | undefined) => TlsContext
  /**
   * `request`: a client without a certificate is accepted, one whose certificate is not trusted is
   * refused, as with `require`.
   */
  readonly clientCertificate: "none" | "request" | "require"
}

export interface TlsWrapRequest {
  /**
   * The stream that carries the records. From the call on it is the port's, which may `attach` to
   * it (see `StreamPort.attach`). Nothing is queued in core for it, and it is not `lent`.
   */
  readonly transport: StreamPort
  /** Bytes that came before those which the transport holds; may be empty. */
  readonly unread: Uint8Array
  readonly side: TlsClientSide | TlsServerSide
  /** Application protocols, best first; empty offers none and selects none. */
  readonly alpn: ReadonlyArray<string>
  /**
   * What the peer's FIN without close_notify is (RFC 8446 §6.1): with `strict` the failure
   * `MissingCloseNotify`, with `compatible` the end of the stream.
   */
  readonly closeNotify: "strict" | "compatible"
}

/** Exactly one of the two is called, once, in a later callback, unless `cancel` came before. */
export interface TlsWrapEvents {
  /**
   * The handshake is over, and the peer's certificate, where one is asked for, is of a trusted
   * chain and within its time. Whether it is for the right name is core's to say.
   */
  onSecure(stream: TlsStreamPort): void
  /**
   * It failed, an alert having been sent where there is one for it. The transport is core's again,
   * which attaches to it anew and closes it, and does nothing else with it. The same after
   * `cancel`.
   */
  onFailed(failure: PortFailure): void
}

/**
 * A stream of TLS records over its transport. What `StreamPort` says of FIN holds for close_notify
 * and FIN: `shutdown` sends both; `close` sends close_notify where `shutdown` did not, and then
 * closes the transport without waiting for anybody; `reset` resets the transport. `onClosed` tells
 * that the transport's descriptor is free. Addresses, `setNoDelay`, `setKeepAlive` and `setRef` are
 * the transport's. Bytes that came before close_notify are read before `End`.
 */
export interface TlsStreamPort extends StreamPort {
  readonly protocol: TlsVersion
  /** What ALPN selected. */
  readonly applicationProtocol: string | undefined
  /** The SNI that the client sent, in ASCII. */
  readonly serverName: string | undefined
  readonly isResumed: boolean
  /** The peer's own certificate, if it showed one, also when the session was resumed. */
  readonly peerCertificate: PortCertificate | undefined
  /** Client: the newest ticket that the server sent, at most 64 KiB; undefined before the first. */
  readonly session: Uint8Array | undefined
}

/** One entry of subjectAltName: a DNS name in ASCII, an IP literal, or another kind as text. */
export interface SubjectName {
  readonly kind: "dns" | "ip" | "other"
  readonly value: string
}

export interface PortCertificate {
  /** `CN=localhost, O=Portico`: attributes in the certificate's order. */
  readonly subject: string
  readonly issuer: string
  readonly subjectAltName: ReadonlyArray<SubjectName>
  /** Milliseconds since 1970. */
  readonly validFromMillis: number
  readonly validToMillis: number
  /** SHA-256 of `raw`: 64 hexadecimal digits in upper case, in pairs parted by colons. */
  readonly fingerprint256: string
  /** DER. */
  readonly raw: Uint8Array
}

export interface TlsPort {
  /** Fails with `InvalidArgument` whose argument is `certificate`, `key` or `trust`. */
  makeContext(request: TlsContextRequest): TlsContext | PortFailure
  wrap(request: TlsWrapRequest, events: TlsWrapEvents): Attempt
}
