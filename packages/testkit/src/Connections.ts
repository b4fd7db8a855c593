/** Connected streams for laws, and what is done to them over and over. */
import {
  Address,
  type IoError,
  Tcp,
  type TcpListener,
  type TcpOptions,
  type TcpStream
} from "@portico/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { LawEnvironment } from "./LawEnvironment.ts"

export interface Pair {
  readonly listener: TcpListener.TcpListener
  readonly client: TcpStream.TcpStream
  readonly server: TcpStream.TcpStream
}

/** A listener's address as `Tcp.connect` takes it. */
export const inputOf = Address.toInput

export const listening = Tcp.listen({ port: 0 })

/** A connection to the listener: our end, and the one that it accepted. */
export const connectTo = (
  listener: TcpListener.TcpListener,
  options: TcpOptions.StreamOptions = {}
): Effect.Effect<Pair, IoError.IoError, Scope.Scope | Tcp.Tcp> =>
  Effect.map(
    Effect.all([Tcp.connect({ ...inputOf(listener.address), ...options }), listener.accept], {
      concurrency: 2
    }),
    ([client, server]) => ({ listener, client, server })
  )

/** Over 127.0.0.1. The options are those of both ends. */
export const connectedPair = (
  options: TcpOptions.StreamOptions = {}
): Effect.Effect<Pair, IoError.IoError, Scope.Scope | Tcp.Tcp> =>
  Effect.flatMap(Tcp.listen({ port: 0, ...options }), (listener) => connectTo(listener, options))

/** The same over a Unix socket. */
export const unixPair: Effect.Effect<
  Pair,
  IoError.IoError,
  Scope.Scope | Tcp.Tcp | LawEnvironment
> = Effect.gen(function* () {
  const { temporaryPath } = yield* LawEnvironment
  const listener = yield* Tcp.listen({ path: yield* temporaryPath })
  return yield* connectTo(listener)
})

/**
 * A port on which nothing listens, on either loopback: one that was just given back. Others test at
 * the same time, and their ports of one loopback may be free ones of the other.
 */
export const closedPort: Effect.Effect<number, IoError.IoError, Tcp.Tcp> = Effect.scoped(
  Effect.map(Tcp.listen({ host: "localhost", port: 0 }), (listener) => portOf(listener.address))
)

/** Listens on one loopback, at a port that the other has free. */
export const listeningOn = (
  host: "127.0.0.1" | "::1"
): Effect.Effect<TcpListener.TcpListener, IoError.IoError, Scope.Scope | Tcp.Tcp> =>
  Effect.retry(
    Effect.flatMap(closedPort, (port) => Tcp.listen({ host, port })),
    { times: 8 }
  )

export const portOf = (address: Address.Address): number =>
  address._tag === "UnixPathAddress" ? 0 : address.port
