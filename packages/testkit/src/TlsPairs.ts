/** TLS streams for laws: both ends of a connection, and what is made once for them. */
import {
  type IoError,
  type Tcp,
  Tls,
  type TlsContext,
  type TlsOptions,
  type TlsStream
} from "@portico/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Certificates from "./Certificates.ts"
import { connectedPair, type Pair } from "./Connections.ts"
import type { Required } from "./Law.ts"
import { reads } from "./Streams.ts"

/** Where there is no TLS, asking for it says so. */
export const tls: { readonly capability: Required } = {
  capability: { name: "tls", ask: Tls.clientContext({ trust: [Certificates.authority] }) }
}

export interface TlsPair {
  readonly client: TlsStream.TlsStream
  readonly server: TlsStream.TlsStream
  /** What they were made of. */
  readonly plain: Pair
}

/** Trusts the laws' authority. */
export const clientContext = (options: TlsContext.ClientContextOptions = {}) =>
  Tls.clientContext({ trust: [Certificates.authority], ...options })

/** Is `localhost` and others. */
export const serverContext = (options: Partial<TlsContext.ServerContextOptions> = {}) =>
  Tls.serverContext({ credentials: Certificates.server, ...options })

export interface PairOptions {
  readonly client?: Partial<TlsOptions.ClientOptions> | undefined
  readonly server?: Partial<TlsOptions.ServerOptions> | undefined
}

/** The handshakes of both ends, not yet begun. */
export const handshakes = ({ client, server }: Pair, options: PairOptions = {}) =>
  Effect.gen(function* () {
    const ours = { serverName: "localhost", context: yield* clientContext() }
    const theirs = { context: yield* serverContext() }
    return {
      client: Tls.client(client, { ...ours, ...options.client }),
      server: Tls.server(server, { ...theirs, ...options.server })
    }
  })

/** Over 127.0.0.1. */
export const securePair = (
  options: PairOptions = {}
): Effect.Effect<TlsPair, IoError.IoError, Scope.Scope | Tcp.Tcp | Tls.Tls> =>
  Effect.flatMap(connectedPair(), (plain) => secured(plain, options))

export const secured = (
  plain: Pair,
  options: PairOptions = {}
): Effect.Effect<TlsPair, IoError.IoError, Scope.Scope | Tls.Tls> =>
  Effect.gen(function* () {
    const both = yield* handshakes(plain, options)
    const [client, server] = yield* Effect.all([both.client, both.server], { concurrency: 2 })
    return { client, server, plain }
  })

/** Both handshakes, of which at least one fails; how each ended. */
export const refusedPair = (options: PairOptions = {}) =>
  Effect.gen(function* () {
    const both = yield* handshakes(yield* connectedPair(), options)
    return yield* Effect.all([Effect.result(both.client), Effect.result(both.server)], {
      concurrency: 2
    })
  })

/** A byte there and back: whoever has read it has what came before it, such as tickets. */
export const exchange = ({ client, server }: TlsPair) =>
  Effect.gen(function* () {
    yield* client.write(Uint8Array.of(1))
    yield* reads(server, Uint8Array.of(1))
    yield* server.write(Uint8Array.of(2))
    yield* reads(client, Uint8Array.of(2))
  })
