/**
 * Stream sockets: connect, listen, serve. An address is TCP (`{ host, port }`) or a Unix path
 * (`{ path }`), abstract names included.
 *
 * Arguments are checked first: one out of its bound fails as `InvalidArgument`, naming it, and an
 * option that the backend lacks as `Unsupported`; nothing was attempted then.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { IoError } from "./IoError.ts"
import { Site } from "./Site.ts"
import type { TcpListener } from "./TcpListener.ts"
import type { ConnectOptions, ListenOptions, ServeOptions } from "./TcpOptions.ts"
import type { TcpServer } from "./TcpServer.ts"
import type { TcpStream } from "./TcpStream.ts"

export class Tcp extends Context.Service<
  Tcp,
  {
    /** `site` is where the handle says that it was opened: by default, where this is called. */
    readonly connect: (
      options: ConnectOptions,
      site?: Site
    ) => Effect.Effect<TcpStream, IoError, Scope.Scope>
    readonly listen: (
      options: ListenOptions,
      site?: Site
    ) => Effect.Effect<TcpListener, IoError, Scope.Scope>
    readonly serve: <E, R>(
      handler: (stream: TcpStream) => Effect.Effect<unknown, E, R>,
      options: ServeOptions,
      site?: Site
    ) => Effect.Effect<TcpServer, IoError, R | Scope.Scope>
  }
>()("@portico/core/Tcp") {}

/**
 * Opens a connection, closed with the scope. Fails with `ConnectionRefused`, `TimedOut`,
 * `HostUnreachable`, `AddressInUse` or `AddressNotAvailable` (for `local`), `NotFound` (a Unix
 * path), `ResourceExhausted`, `PermissionDenied`. `localhost` tries both loopback addresses in
 * turn. Interrupted or timed out, its descriptors are freed and no handle is left.
 *
 * A host name is looked up and its addresses are raced (Happy Eyeballs, RFC 8305): IPv6 first, then
 * the families in turn, one attempt each `attemptDelay`, or at once when the last one failed; the
 * first to connect wins, the others are closed. No attempt is given up for being slow. Tried are
 * 32 addresses of each family at most. When all fail, the reason is that of the last attempt or,
 * when no address was found, of the lookup (see `Resolver.lookup`); `cause` is an `AggregateError`
 * of the lookups that failed and then of the attempts, in the order in which they began.
 */
export const connect = (
  options: ConnectOptions
): Effect.Effect<TcpStream, IoError, Scope.Scope | Tcp> => {
  const site = new Site()
  return Tcp.use((tcp) => tcp.connect(options, site))
}

/**
 * Listens, until the scope ends. Succeeds when connections can come. Fails with `AddressInUse`
 * (a Unix path that exists, too), `AddressNotAvailable`, `PermissionDenied`, `NotFound` (the
 * path's folder).
 */
export const listen = (
  options: ListenOptions
): Effect.Effect<TcpListener, IoError, Scope.Scope | Tcp> => {
  const site = new Site()
  return Tcp.use((tcp) => tcp.listen(options, site))
}

/**
 * Listens and runs `handler` in a fiber of its own for each connection, at most `connectionsMax`
 * at once; the connection is closed when its handler ends, however that was. A handler's failure
 * or defect is logged and costs its own connection only. Out of descriptors, it backs off (5 ms
 * doubling to 1 s), logs once, and goes on; any other accept error stops the server and fails
 * `stopped`. When the scope ends it drains, with `drainDeadline`.
 */
export const serve = <E, R>(
  handler: (stream: TcpStream) => Effect.Effect<unknown, E, R>,
  options: ServeOptions
): Effect.Effect<TcpServer, IoError, R | Scope.Scope | Tcp> => {
  const site = new Site()
  return Tcp.use((tcp) => tcp.serve(handler, options, site))
}
