/** What `Tls.serve` gives: a `TcpServer` that counts handshakes. */
import type * as Effect from "effect/Effect"
import type { TcpServer } from "./TcpServer.ts"

export interface HandshakeCounters {
  /** Under way. */
  readonly pending: number
  readonly succeeded: number
  /** Refused, timed out, or not TLS at all: each logged at debug level, and its stream closed. */
  readonly failed: number
}

/** `connections` and `drain` count a connection in its handshake as one whose handler runs. */
export interface TlsServer extends TcpServer {
  readonly handshakes: Effect.Effect<HandshakeCounters>
}
