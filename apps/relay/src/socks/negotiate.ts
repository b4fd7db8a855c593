/**
 * The server's part in a SOCKS negotiation, up to the request: the reply to that depends on how
 * connecting goes.
 */
import * as Effect from "effect/Effect"
import type { IoError, TcpStream } from "@portico/core"
import type { Target } from "../Target.ts"
import type { Credentials } from "./Credentials.ts"
import * as Reply from "./Reply.ts"
import * as Request from "./Request.ts"
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
export const negotiate = Effect.fnUntraced(function* (
  client: Client,
  credentials: Credentials | undefined
): Effect.fn.Return<Negotiated, NegotiationError> {
  const offered = yield* Request.readGreeting(client)
  const wanted = credentials === undefined ? Reply.Method.none : Reply.Method.nameAndPassword
  if (!offered.includes(wanted)) {
    const value = offered.join(" ")
    return yield* new SocksError({ where: "greeting", problem: "NoAcceptableMethod", value })
  }
  yield* client.write(Reply.method(wanted))
  const user = credentials === undefined ? undefined : yield* authenticate(client, credentials)
  return { target: yield* Request.readRequest(client), user }
})

const authenticate = Effect.fnUntraced(function* (
  client: Client,
  credentials: Credentials
): Effect.fn.Return<string, NegotiationError> {
  const asked = yield* Request.readCredentials(client)
  const user = new TextDecoder().decode(asked.name)
  if (!credentials.accept(asked)) return yield* new AuthenticationFailed({ user })
  yield* client.write(Reply.credentialsTaken)
  return user
})
