/** TLS on either side of a relay, or on neither. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type IoError, Tcp, type TcpStream, Tls, type TlsContext } from "@portico/core"
import { ClientInsecure } from "./SessionError.ts"
import type { Target } from "./Target.ts"
export interface TargetTls {
  /** Whose certificates are accepted. */
  readonly trust: TlsContext.Trust
  /** Whom they must be for, and who is asked for (SNI). Default: the target's host. */
  readonly serverName?: string | undefined
}
export interface Options {
  /** What the relay shows to clients, who must speak TLS then. Default: they speak plain text. */
  readonly listenTls?: TlsContext.Credentials | undefined
  /** Speak TLS to targets. Default: plain text. */
  readonly targetTls?: TargetTls | undefined
}
export interface Timeouts {
  /** For a handshake, a client's with what comes behind it. */
  readonly handshakeTimeout: Duration.Duration
  /** For looking a target up and connecting to it. */
  readonly connectTimeout: Duration.Duration
}
/** How streams to clients and to targets are had, closed with the scope. */
export interface Sides {
  /** Has no time limit of its own but that of `Tls.server`. */
  readonly accept: (
    client: TcpStream.TcpStream
  ) => Effect.Effect<TcpStream.TcpStream, ClientInsecure, Tls.Tls | Scope.Scope>
  readonly connect: (
    target: Target,
    timeouts: Timeouts
  ) => Effect.Effect<TcpStream.TcpStream, IoError.IoError, Tcp.Tcp | Tls.Tls | Scope.Scope>
}
/** Reads the certificates. Fails with `InvalidArgument`, `Unsupported`. */
export declare const make: (options: Options) => Effect.Effect<Sides, IoError.IoError, Tls.Tls>
//# sourceMappingURL=Secure.d.ts.map
