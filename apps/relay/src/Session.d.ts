import * as Effect from "effect/Effect"
import { type Tcp, type TcpStream, type Tls } from "@portico/core"
import type { IdleTimeout } from "./IdleTimeout.ts"
import type * as Secure from "./Secure.ts"
import type { Credentials } from "./socks/Credentials.ts"
import type { Statistics } from "./Statistics.ts"
import * as Target from "./Target.ts"
/** How a client says where it wants to go. */
export type Mode =
  | {
      readonly _tag: "Socks5"
      readonly credentials: Credentials | undefined
    }
  /** Not at all: everybody goes there. */
  | {
      readonly _tag: "Forward"
      readonly target: Target.Target
    }
export interface Options extends Secure.Timeouts {
  readonly mode: Mode
}
/** What the sessions of one relay share. */
export interface Surroundings {
  readonly sides: Secure.Sides
  readonly idle: IdleTimeout
  readonly statistics: Statistics
}
/**
 * Serves `client` until its tunnel ends. Never fails: how it went is counted, and told in one line
 * of the log.
 */
export declare const serve: (
  client: TcpStream.TcpStream,
  options: Options,
  surroundings: Surroundings
) => Effect.Effect<void, never, Tcp.Tcp | Tls.Tls>
//# sourceMappingURL=Session.d.ts.map
