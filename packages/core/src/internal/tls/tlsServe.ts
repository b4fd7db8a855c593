/** `Tls.serve`: `Tcp.serve` whose handlers begin with a handshake. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { IoError } from "../../IoError.ts"
import type { Site } from "../../Site.ts"
import type { TcpServer } from "../../TcpServer.ts"
import type { TcpStream } from "../../TcpStream.ts"
import type { ServeOptions } from "../../TlsOptions.ts"
import type { HandshakeCounters, TlsServer } from "../../TlsServer.ts"
import type { TlsStream } from "../../TlsStream.ts"
import type { HandleTable } from "../HandleTable.ts"
import { serve } from "../tcp/serve.ts"
import type { TlsHandle } from "./TlsHandle.ts"

export const serveTls = <E, R>(
  table: HandleTable,
  options: ServeOptions,
  site: Site,
  handler: (stream: TlsStream) => Effect.Effect<unknown, E, R>,
  handshake: (stream: TcpStream) => Effect.Effect<TlsHandle, IoError>
): Effect.Effect<TlsServer, IoError, R | Scope.Scope> => {
  const counters = { pending: 0, succeeded: 0, failed: 0 }
  const counted = (stream: TcpStream) =>
    Effect.suspend(() => {
      counters.pending++
      return Effect.onExit(handshake(stream), (exit) =>
        Effect.sync(() => {
          counters.pending--
          if (exit._tag === "Success") counters.succeeded++
          else counters.failed++
        })
      )
    })
  // The server closes the stream when its handler ends, and the TLS stream with it.
  const shaken = (stream: TcpStream) =>
    Effect.matchEffect(counted(stream), {
      onFailure: (error) => Effect.logDebug(`Handshake failed: ${stream.label}`, error),
      onSuccess: handler
    })
  const served = serve(table, shaken, options, site)
  return Effect.map(served, (server) => new TlsServing(server, counters))
}

class TlsServing implements TlsServer {
  private readonly server: TcpServer
  private readonly shaken: HandshakeCounters

  constructor(server: TcpServer, shaken: HandshakeCounters) {
    this.server = server
    this.shaken = shaken
  }

  get address() {
    return this.server.address
  }

  get addresses() {
    return this.server.addresses
  }

  get connections() {
    return this.server.connections
  }

  get counters() {
    return this.server.counters
  }

  get handshakes(): Effect.Effect<HandshakeCounters> {
    return Effect.sync(() => ({ ...this.shaken }))
  }

  get stopped() {
    return this.server.stopped
  }

  drain(options: Parameters<TcpServer["drain"]>[0]) {
    return this.server.drain(options)
  }
}
