/**
 * Effect's own `Socket` in a simulated world, for programs that never heard of Portico: the same
 * connections, faults and crashes as `Tcp` has. Failures are those of platform-node, with Node's
 * codes in their `cause`. TLS upgrades are not supported.
 */
import { Tcp } from "@portico/core/Tcp"
import type { TcpStream } from "@portico/core/TcpStream"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Socket from "effect/socket/Socket"
import * as EffectSocket from "./EffectSocket.ts"
import { openError, openTimeout } from "./socketError.ts"

/** Where to connect, by the names that `node:net` has. */
export type SimSocketOptions = EffectSocket.EffectSocketOptions & {
  /** Fail with `SocketOpenError` of kind `Timeout` after this long. Default: TCP's own limit. */
  readonly openTimeout?: Duration.Input | undefined
} & (
    | {
        /** An IP literal, or a name that the host's `Resolver` knows. Default `localhost`. */
        readonly host?: string | undefined
        readonly port: number
      }
    | { readonly path: string }
  )

const connect = (
  tcp: typeof Tcp.Service,
  options: SimSocketOptions
): Effect.Effect<TcpStream, Socket.SocketError, Scope.Scope> => {
  const to =
    "path" in options
      ? { path: options.path }
      : { host: options.host ?? "localhost", port: options.port }
  const opening = Effect.mapError(tcp.connect(to), openError)
  return options.openTimeout === undefined
    ? opening
    : Effect.timeoutOrElse(opening, {
        duration: options.openTimeout,
        orElse: () => Effect.fail(openTimeout())
      })
}

/**
 * A socket that connects whenever its reader is acquired. Releasing the reader closes the
 * connection, and does not wait for it; releasing the writer half-closes it. A write that is
 * interrupted goes on, as Node's does.
 */
export const makeNet = (options: SimSocketOptions): Effect.Effect<Socket.Socket, never, Tcp> =>
  Tcp.useSync((tcp) => EffectSocket.make(connect(tcp, options), options))

/** `makeNet`, in place of platform-node's `NodeSocket.layerNet`. */
export const layerNet = (options: SimSocketOptions): Layer.Layer<Socket.Socket, never, Tcp> =>
  Layer.effect(Socket.Socket, makeNet(options))
