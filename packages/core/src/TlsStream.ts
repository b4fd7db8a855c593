/**
 * A TLS stream: a `TcpStream` whose bytes are encrypted, over any other stream.
 *
 * There is one only after the handshake, so everything below is known and stays readable, also
 * after close. `write` and `read` move plain bytes; `HandleCounters` count those. What `TcpStream`
 * says of FIN holds for close_notify and FIN:
 *
 * - `shutdown` sends both; the peer may go on sending (RFC 8446 §6.1).
 * - `close` sends close_notify if `shutdown` did not, and waits for nobody's.
 * - The end of the stream is the peer's close_notify. A FIN without one fails the read with
 *   `MissingCloseNotify`, or ends the stream as well, as the option `closeNotify` says.
 *
 * The stream that it was made of is part of it: closing either closes both.
 */
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type { Certificate } from "./Certificate.ts"
import type { TlsVersion } from "./port/TlsPort.ts"
import type { TcpStream } from "./TcpStream.ts"

export type { TlsVersion }

export interface TlsStream extends TcpStream {
  readonly kind: "TlsStream"
  readonly protocol: TlsVersion
  /** What ALPN selected (RFC 7301); none when either side named no protocol. */
  readonly applicationProtocol: Option.Option<string>
  /** The SNI that the client sent (RFC 6066 §3), in ASCII. */
  readonly serverName: Option.Option<string>
  /** The peer's certificate, verified; none for a client that has shown none. */
  readonly peerCertificate: Option.Option<Certificate>
  /** The handshake continued an earlier session (RFC 8446 §2.2). */
  readonly isResumed: boolean
  /**
   * Client: the newest ticket for `ClientOptions.session`, at most 64 KiB; none before the server
   * sent one. With TLS 1.3 it comes after the handshake: whoever has read a byte has it, where the
   * server issues tickets at all. It is a secret of this connection.
   */
  readonly session: Effect.Effect<Option.Option<Uint8Array>>
}
