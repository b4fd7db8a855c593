/**
 * Reads what a SOCKS client sends: its greeting, its credentials, its request.
 *
 * Exactly the bytes of each message are taken, so what a client sends behind its request without
 * waiting for the reply stays where it is, for the target. No message is longer than 513 bytes.
 */
import * as Effect from "effect/Effect"
import type { Target } from "../Target.ts"
import { SocksError } from "./SocksError.ts"
/** A stream, or anything else that gives the next `bytes` bytes or fails. */
export interface Source<E> {
  readonly readExactly: (bytes: number) => Effect.Effect<Uint8Array, E>
}
export declare const version = 5
/** Of the negotiation of RFC 1929, which counts for itself. */
export declare const credentialsVersion = 1
/** The authentication methods that the client offers, in its order; not empty. */
export declare const readGreeting: <E>(
  source: Source<E>
) => Effect.Effect<Uint8Array<ArrayBufferLike>, E | SocksError, never>
export interface NameAndPassword {
  readonly name: Uint8Array
  readonly password: Uint8Array
}
/** Name and password, 1 to 255 bytes each. */
export declare const readCredentials: <E>(
  source: Source<E>
) => Effect.Effect<NameAndPassword, E | SocksError, never>
/** Where a CONNECT request leads. */
export declare const readRequest: <E>(
  source: Source<E>
) => Effect.Effect<Target, E | SocksError, never>
//# sourceMappingURL=Request.d.ts.map
