import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Address, EventLoop, type IoError, Tcp, type TcpServer, type Tls } from "@portico/core"
import * as Secure from "./Secure.ts"
import * as Session from "./Session.ts"
import { Statistics } from "./Statistics.ts"
export interface Options extends Session.Options, Secure.Options {
  readonly listen: Address.Input
  readonly connectionsMax: number
  readonly idleTimeout: Duration.Duration
  readonly drainDeadline: Duration.Duration
}
export interface Relay {
  readonly server: TcpServer.TcpServer
  readonly statistics: Statistics
}
/** Serves until the scope ends; then it drains. Succeeds when clients can connect. */
export declare const serve: (
  options: Options
) => Effect.Effect<Relay, IoError.IoError, Scope.Scope | Tcp.Tcp | Tls.Tls>
/**
 * The app: prints `ready <address>` on standard output and serves until it is interrupted, then
 * drains. Each time that `awaitStatisticsRequest` succeeds, it logs the statistics. Fails with what
 * kept the server from listening or stopped it.
 */
export declare const run: (
  options: Options,
  awaitStatisticsRequest: Effect.Effect<void>
) => Effect.Effect<void, IoError.IoError, Tcp.Tcp | Tls.Tls | EventLoop.EventLoop>
//# sourceMappingURL=Program.d.ts.map
