/**
 * Effect's own `SocketServer` in a simulated world, for programs that never heard of Portico.
 */
import { type IoError, isIoError } from "@portico/core/IoError"
import { Tcp } from "@portico/core/Tcp"
import type { TcpListener } from "@portico/core/TcpListener"
import type { TcpStream } from "@portico/core/TcpStream"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import type * as Socket from "effect/socket/Socket"
import * as SocketServer from "effect/socket/SocketServer"
import * as EffectSocket from "./EffectSocket.ts"
import { acceptError, closeError, listenError } from "./socketError.ts"

/** Where to listen, by the names that `node:net` has. */
export type SimSocketServerOptions = EffectSocket.EffectSocketOptions &
  (
    | {
        /** An IP literal or `localhost`. Default `::`, which takes IPv4 as well. */
        readonly host?: string | undefined
        /** 0 (the default) for any that is free. */
        readonly port?: number | undefined
        /** Connections that wait to be accepted, 1–65535. Default 511, as Node's. */
        readonly backlog?: number | undefined
      }
    | { readonly path: string; readonly backlog?: number | undefined }
  )

type Handler<E, R> = (socket: Socket.Socket) => Effect.Effect<unknown, E, R>

// Out of descriptors, it tries again: others may be closed by then.
const backOff = Schedule.min([Schedule.exponential("5 millis"), Schedule.spaced("1 second")])

const acceptNext = (listener: TcpListener): Effect.Effect<TcpStream, IoError, Scope.Scope> =>
  Effect.retry(listener.accept, {
    schedule: backOff,
    while: (error) => isIoError(error, "ResourceExhausted")
  }).pipe(
    // A server that is closed has no more connections, and says so to nobody.
    Effect.catchIf(
      (error) => isIoError(error, "Closed"),
      () => Effect.never
    )
  )

/** The first acquisition of the reader has the connection, and a later one has none. */
const socketOf = (stream: TcpStream, options: EffectSocket.EffectSocketOptions): Socket.Socket => {
  let isTaken = false
  const take = Effect.suspend(() => {
    if (isTaken) return Effect.fail(closeError(1000))
    isTaken = true
    return Effect.succeed(stream)
  })
  return EffectSocket.make(
    Effect.acquireRelease(take, ({ close }) => close),
    options
  )
}

const serve = <E, R>(
  listener: TcpListener,
  handler: Handler<E, R>,
  options: EffectSocket.EffectSocketOptions
): Effect.Effect<never, SocketServer.SocketServerError, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const handlers = yield* Scope.make()
      const next = Effect.gen(function* () {
        const own = yield* Scope.make()
        const stream = yield* restore(Scope.provide(acceptNext(listener), own))
        yield* Effect.suspend(() => handler(socketOf(stream, options))).pipe(
          Effect.ignoreCause({ log: "Unhandled", message: "Unhandled error in SocketServer" }),
          Effect.ensuring(Scope.close(own, Exit.void)),
          Effect.forkIn(handlers)
        )
      })
      return yield* Effect.forever(next).pipe(
        Effect.mapError(acceptError),
        Effect.ensuring(Scope.close(handlers, Exit.void))
      )
    })
  )

/**
 * Listens until the scope closes; connections wait until `run` takes them. Each has a fiber of its
 * own, whose failure is logged and costs its connection only; who interrupts `run` interrupts them.
 * A connection is closed when its handler ends, also if its reader was never acquired.
 */
export const make = (
  options: SimSocketServerOptions
): Effect.Effect<
  typeof SocketServer.SocketServer.Service,
  SocketServer.SocketServerError,
  Scope.Scope | Tcp
> => {
  const backlog = options.backlog ?? 511
  const at =
    "path" in options
      ? { path: options.path }
      : { host: options.host ?? "::", port: options.port ?? 0 }
  const listening = Tcp.use((tcp) => tcp.listen({ ...at, backlog }))
  return Effect.map(Effect.mapError(listening, listenError), (listener) =>
    SocketServer.SocketServer.of({
      address: listener.address,
      run: (handler) => serve(listener, handler, options)
    })
  )
}

/** `make`, in place of platform-node's `NodeSocketServer.layer`. */
export const layer = (
  options: SimSocketServerOptions
): Layer.Layer<SocketServer.SocketServer, SocketServer.SocketServerError, Tcp> =>
  Layer.effect(SocketServer.SocketServer, make(options))
