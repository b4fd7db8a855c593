/**
 * TLS 1.2 and 1.3 (RFC 5246, RFC 8446) over any stream: TCP, Unix, or TLS itself.
 *
 * Arguments are checked first: one out of its bound fails as `InvalidArgument`, naming it, and on a
 * backend without the capability `tls` as `Unsupported`; nothing was attempted then.
 *
 * A handshake fails with `CertificateUntrusted`, `CertificateExpired`, `CertificateNotYetValid`,
 * `CertificateNameMismatch` (of the peer's certificate), `CertificateRequired`,
 * `NoApplicationProtocol`, `NotTls`, `HandshakeEnded` (the peer ended the stream), `TimedOut`,
 * `ConnectionReset`, and `HandshakeFailed` with the host's word for all else. What the peer
 * refuses after its own side is done, as TLS 1.3 has it, is told by the first read instead.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { IoError } from "./IoError.ts"
import { Site } from "./Site.ts"
import type { TcpStream } from "./TcpStream.ts"
import type {
  ClientContext,
  ClientContextOptions,
  ServerContext,
  ServerContextOptions
} from "./TlsContext.ts"
import type { ClientOptions, ConnectOptions, ServeOptions, ServerOptions } from "./TlsOptions.ts"
import type { TlsServer } from "./TlsServer.ts"
import type { TlsStream } from "./TlsStream.ts"

type Opened<A> = Effect.Effect<A, IoError, Scope.Scope>

export class Tls extends Context.Service<
  Tls,
  {
    readonly clientContext: (
      options?: ClientContextOptions
    ) => Effect.Effect<ClientContext, IoError>
    readonly serverContext: (options: ServerContextOptions) => Effect.Effect<ServerContext, IoError>
    /** `site` is where the handle says that it was opened: by default, where this is called. */
    readonly client: (stream: TcpStream, options: ClientOptions, site?: Site) => Opened<TlsStream>
    readonly server: (stream: TcpStream, options: ServerOptions, site?: Site) => Opened<TlsStream>
    readonly connect: (options: ConnectOptions, site?: Site) => Opened<TlsStream>
    readonly serve: <E, R>(
      handler: (stream: TlsStream) => Effect.Effect<unknown, E, R>,
      options: ServeOptions,
      site?: Site
    ) => Effect.Effect<TlsServer, IoError, R | Scope.Scope>
  }
>()("@portico/core/Tls") {}

/**
 * Reads the PEM texts of a client. Fails with `InvalidArgument` when one cannot be read, or the key
 * is not the certificate's.
 */
export const clientContext = (
  options?: ClientContextOptions
): Effect.Effect<ClientContext, IoError, Tls> => Tls.use((tls) => tls.clientContext(options))

/** As `clientContext`, for servers. */
export const serverContext = (
  options: ServerContextOptions
): Effect.Effect<ServerContext, IoError, Tls> => Tls.use((tls) => tls.serverContext(options))

/**
 * Makes a TLS stream of `stream`, as its client, closed with the scope. What was written before
 * leaves first, and what came and was not read is read as TLS, so a protocol may begin in plain
 * text (STARTTLS).
 *
 * From the call on `stream` is part of the handshake and then of the TLS stream: its own methods
 * fail with `Closed`, and it is no longer listed by `EventLoop.handles` once the TLS stream is.
 * Failed or interrupted, it is closed. Fails with `Busy`, leaving it alone, when another fiber is
 * at it.
 */
export const client = (
  stream: TcpStream,
  options: ClientOptions
): Effect.Effect<TlsStream, IoError, Scope.Scope | Tls> => {
  const site = new Site()
  return Tls.use((tls) => tls.client(stream, options, site))
}

/** As `client`, as the server. */
export const server = (
  stream: TcpStream,
  options: ServerOptions
): Effect.Effect<TlsStream, IoError, Scope.Scope | Tls> => {
  const site = new Site()
  return Tls.use((tls) => tls.server(stream, options, site))
}

/** `Tcp.connect`, then `client`. Fails as either; nothing is left open then. */
export const connect = (
  options: ConnectOptions
): Effect.Effect<TlsStream, IoError, Scope.Scope | Tls> => {
  const site = new Site()
  return Tls.use((tls) => tls.connect(options, site))
}

/**
 * `Tcp.serve` with a handshake before each handler, in the connection's own fiber: a client that is
 * slow or wrong costs its own connection only, and never the accept loop.
 */
export const serve = <E, R>(
  handler: (stream: TlsStream) => Effect.Effect<unknown, E, R>,
  options: ServeOptions
): Effect.Effect<TlsServer, IoError, R | Scope.Scope | Tls> => {
  const site = new Site()
  return Tls.use((tls) => tls.serve(handler, options, site))
}
