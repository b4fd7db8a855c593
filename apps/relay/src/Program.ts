/**
 * A relay: it takes connections, finds out where each wants to go, by SOCKS5 or because all go to
 * one place, connects there, and carries bytes both ways.
 */
import * as Console from "effect/Console"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import {
  Address,
  type EventLoop,
  type IoError,
  type Resolver,
  Tcp,
  type TcpServer,
  type Tls
} from "@portico/core"
import { drain } from "@portico/app-kit/Drain"
import * as IdleTimeout from "@portico/app-kit/IdleTimeout"
import * as Secure from "./Secure.ts"
import * as Session from "./Session.ts"
import { Statistics } from "./Statistics.ts"

export interface Options extends Session.Options, Secure.Options {
  readonly listen: Address.Input
  readonly connectionsMax: number
  readonly idleTimeout: Duration.Duration
  readonly drainDeadline: Duration.Duration
}

type Services = Resolver.Resolver | Tcp.Tcp | Tls.Tls

export interface Relay {
  readonly server: TcpServer.TcpServer
  readonly statistics: Statistics
}

/** Serves until the scope ends; then it drains. Succeeds when clients can connect. */
export const serve = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<Relay, IoError.IoError, Services | Scope.Scope> {
  const idle = yield* IdleTimeout.make(options.idleTimeout)
  const statistics = new Statistics()
  const surroundings = { sides: yield* Secure.make(options), idle, statistics }
  const server = yield* Tcp.serve((client) => Session.serve(client, options, surroundings), {
    ...options.listen,
    connectionsMax: options.connectionsMax,
    drainDeadline: options.drainDeadline
  })
  return { server, statistics }
})

/** Where clients find it, and what they have to speak there: `socks5://127.0.0.1:1080`. */
const format = (address: Address.Address, { listenTls, mode }: Options): string => {
  const schemes =
    mode._tag === "Socks5"
      ? { plain: "socks5", secure: "socks5+tls" }
      : { plain: "tcp", secure: "tls" }
  const scheme = listenTls === undefined ? schemes.plain : schemes.secure
  return Address.format(address).replace(/^tcp(?=:)/, scheme)
}

/**
 * The app: prints `ready <address>` on standard output and serves until it is interrupted, then
 * drains. Each of `statisticsRequests` is answered with a line of the log. Fails with what kept the
 * server from listening or stopped it.
 */
export const run = (
  options: Options,
  statisticsRequests: Stream.Stream<unknown>
): Effect.Effect<void, IoError.IoError, Services | EventLoop.EventLoop> =>
  Effect.gen(function* () {
    const relay = yield* serve(options)
    const tell = Effect.suspend(() => Effect.log(`statistics ${relay.statistics.text}`))
    yield* Effect.addFinalizer(() => drain(relay.server, options.drainDeadline, tell))
    yield* Effect.forkScoped(Stream.runForEach(statisticsRequests, () => tell))
    yield* Console.log(`ready ${format(relay.server.address, options)}`)
    yield* relay.server.stopped
  }).pipe(Effect.scoped)
