/**
 * The Echo Protocol (RFC 862) on stream sockets: every byte that comes goes back, until the client
 * ends its sending side.
 */
import * as Console from "effect/Console"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import {
  Address,
  type EventLoop,
  type IoError,
  Tcp,
  type TcpServer,
  type TcpStream
} from "@portico/core"
import { drain } from "@portico/app-kit/Drain"
import * as IdleTimeout from "@portico/app-kit/IdleTimeout"

export interface Options {
  readonly listen: Address.Input
  readonly connectionsMax: number
  readonly idleTimeout: Duration.Duration
  readonly drainDeadline: Duration.Duration
}

const echo = (stream: TcpStream.TcpStream): Effect.Effect<void, IoError.IoError> =>
  Effect.gen(function* () {
    while (true) {
      const bytes = yield* stream.readBorrowed
      // A client may read its last bytes long after it ended: the half-close waits until they left,
      // where `close` alone would drop them after its grace period.
      if (bytes.length === 0) return yield* stream.shutdown
      yield* stream.write(bytes)
    }
  })

/** Serves until the scope ends; then it drains. Succeeds when clients can connect. */
export const serve = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<TcpServer.TcpServer, IoError.IoError, Tcp.Tcp | Scope.Scope> {
  const idle = yield* IdleTimeout.make(options.idleTimeout)
  return yield* Tcp.serve(
    (stream) =>
      idle.watch(IdleTimeout.ofStream(stream), echo(stream)).pipe(
        // A client that resets, vanishes or falls silent ends its own connection and is no news.
        Effect.catchTag("IoError", (error) => Effect.logDebug(`${stream.label}: ${error.message}`))
      ),
    {
      ...options.listen,
      connectionsMax: options.connectionsMax,
      drainDeadline: options.drainDeadline
    }
  )
})

/**
 * The app: prints `ready <address>` on standard output and serves until it is interrupted, then
 * drains. Fails with what kept the server from listening or stopped it.
 */
export const run = (
  options: Options
): Effect.Effect<void, IoError.IoError, Tcp.Tcp | EventLoop.EventLoop> =>
  Effect.gen(function* () {
    const server = yield* serve(options)
    yield* Effect.addFinalizer(() => drain(server, options.drainDeadline))
    yield* Console.log(`ready ${Address.format(server.address)}`)
    yield* server.stopped
  }).pipe(Effect.scoped)
