/** The options of `Tls`, with their bounds and defaults. */
import type * as Duration from "effect/Duration"
import type * as Tcp from "./TcpOptions.ts"
import type { ClientContext, ServerContext } from "./TlsContext.ts"

export interface HandshakeOptions {
  /**
   * Application protocols, best first (ALPN, RFC 7301): at most 32, of 1 to 255 visible ASCII
   * characters. When both sides name some and have none in common, the handshake fails with
   * `NoApplicationProtocol`. Default: none.
   */
  readonly alpn?: ReadonlyArray<string> | undefined
  /** Give up with `TimedOut` after this long, at most 10 minutes. Default 10 seconds. */
  readonly handshakeTimeout?: Duration.Input | undefined
  /**
   * What a FIN without close_notify is: with `strict` a read fails with `MissingCloseNotify`, as
   * somebody between may have cut the stream off; with `compatible` it is the end of the stream,
   * for protocols that know by themselves whether they have everything. Default `strict`.
   */
  readonly closeNotify?: "strict" | "compatible" | undefined
  /** How long `close` lets queued bytes leave, at most 10 minutes. Default 1 second. */
  readonly closeGrace?: Duration.Input | undefined
}

export type ClientOptions = HandshakeOptions & {
  /**
   * Whom the certificate must be for: a name, also in Unicode (IDNA 2008), or an IP literal. A name
   * is told to the server (SNI), an address is not (RFC 6066 §3).
   */
  readonly serverName: string
  /** Default: the system's authorities, no credentials. */
  readonly context?: ClientContext | undefined
  /**
   * Resume this session: what `TlsStream.session` gave, 1 byte to 64 KiB. A server that does not
   * know it any more does a full handshake.
   */
  readonly session?: Uint8Array | undefined
}

export type ServerOptions = HandshakeOptions & {
  readonly context: ServerContext
}

/** `timeout` is that of the connection, `handshakeTimeout` comes after it. */
export type ConnectOptions = Tcp.ConnectOptions &
  Omit<ClientOptions, "serverName"> & {
    /** Default: `host`. Needed with a Unix path. */
    readonly serverName?: string | undefined
  }

/** A connection counts for `connectionsMax` from its accept, so handshakes are bounded by it. */
export type ServeOptions = Tcp.ServeOptions & ServerOptions
