/** TLS on either side of a relay or on neither, and where it does not connect to. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import {
  type IoError,
  type Resolver,
  Tcp,
  type TcpStream,
  Tls,
  type TlsContext
} from "@portico/core"
import * as Denied from "./Denied.ts"
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
  /** No client is led there. Default: everywhere. */
  readonly denied?: Denied.Networks | undefined
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

// The longest that a handshake may take. Whoever accepts has a shorter limit for all of it.
const handshakeMax = "10 minutes"

/** Reads the certificates. Fails with `InvalidArgument`, `Unsupported`. */
export const make = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<Sides, IoError.IoError, Resolver.Resolver | Tls.Tls> {
  const guard = yield* Denied.guard(options.denied ?? [])
  const connect = yield* connecting(options.targetTls)
  return {
    accept: yield* accepting(options.listenTls),
    connect: (target, timeouts) =>
      Effect.flatMap(guard(target), (destination) => connect(destination, timeouts))
  }
})

const accepting = Effect.fnUntraced(function* (
  credentials: TlsContext.Credentials | undefined
): Effect.fn.Return<Sides["accept"], IoError.IoError, Tls.Tls> {
  if (credentials === undefined) return Effect.succeed
  const context = yield* Tls.serverContext({ credentials })
  return (client) =>
    Effect.mapError(
      Tls.server(client, { context, handshakeTimeout: handshakeMax }),
      (cause) => new ClientInsecure({ cause })
    )
})

type Connect = (target: Denied.Destination, timeouts: Timeouts) => ReturnType<Sides["connect"]>

const connecting = Effect.fnUntraced(function* (
  tls: TargetTls | undefined
): Effect.fn.Return<Connect, IoError.IoError, Tls.Tls> {
  if (tls === undefined) {
    return (target, { connectTimeout }) => Tcp.connect({ ...target, timeout: connectTimeout })
  }
  const context = yield* Tls.clientContext({ trust: tls.trust })
  return (target, { connectTimeout, handshakeTimeout }) =>
    Tls.connect({
      ...target,
      timeout: connectTimeout,
      handshakeTimeout,
      serverName: tls.serverName,
      context
    })
})
