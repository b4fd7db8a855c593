/**
 * The server's part in a SOCKS negotiation, up to the request: the reply to that depends on how
 * connecting goes.
 */
import * as Effect from "effect/Effect"
import type { IoError, TcpStream } from "@portico/core"
import type { Target } from "../Target.ts"
import type { Credentials } from "./Credentials.ts"
import { AuthenticationFailed, SocksError } from "./SocksError.ts"
export interface Negotiated {
  readonly target: Target
  /** Who asks, when the relay wants to know. */
  readonly user: string | undefined
}
/** What of a stream a negotiation needs. */
export type Client = Pick<TcpStream.TcpStream, "readExactly" | "write">
export type NegotiationError = AuthenticationFailed | IoError.IoError | SocksError
/**
 * Succeeds with where the client wants to go. With `credentials` it must give a name and a password
 * that they accept. Fails with `SocksError` or `AuthenticationFailed`, of which the client was not
 * told yet, and with what reading and writing fails with: `UnexpectedEnd` when it left.
 */
export declare const negotiate: (
  client: Client,
  credentials: Credentials | undefined
) => Effect.Effect<Negotiated, NegotiationError, never>
//# sourceMappingURL=negotiate.d.ts.map
