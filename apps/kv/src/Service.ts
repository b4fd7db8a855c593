/** The server's connections: who is there, and how they end. */
import { type IoError, Tcp, type TcpServer, type TcpStream } from "@portico/core"
import * as IdleTimeout from "@portico/app-kit/IdleTimeout"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import { Connection, KeptInput } from "./Connection.ts"
import { converse } from "./Conversation.ts"
import type { Engine } from "./Engine.ts"
import type { Journal } from "./journal/Journal.ts"

export interface ServiceOptions {
  readonly listen: { readonly host: string; readonly port: number }
  readonly connectionsMax: number
  readonly requestBytesMax: number
  readonly replyBytesMax: number
  /** Of unfinished requests, of all connections together. */
  readonly inputBytesMax: number
  readonly idleTimeout: Duration.Duration
  readonly drainDeadline: Duration.Duration
}

export interface Service {
  readonly server: TcpServer.TcpServer
  /**
   * No more connections. Those with nothing under way end now, the others when they are answered,
   * at the latest at the drain deadline.
   */
  readonly drain: Effect.Effect<TcpServer.DrainReport>
}

interface Guest {
  readonly connection: Connection
  /** Done when it is to end at once: cut off, or idle while the server leaves. */
  readonly ended: Deferred.Deferred<"Cut" | "Left">
}

/** Serves until the scope ends. Succeeds when clients can connect. */
export const serve = Effect.fnUntraced(function* (
  engine: Engine,
  journal: Journal,
  options: ServiceOptions
): Effect.fn.Return<Service, IoError.IoError, Tcp.Tcp | Scope.Scope> {
  const clock = yield* Clock.Clock
  const idle = yield* IdleTimeout.make(options.idleTimeout)
  const kept = new KeptInput(options.inputBytesMax)
  const guests = new Set<Guest>()
  const { statistics } = engine
  let isLeaving = false
  let lastId = 0
  const surroundings = {
    journal,
    statistics,
    nowUnsafe: () => clock.currentTimeMillisUnsafe(),
    isLeaving: () => isLeaving
  }

  const enter = (): Guest => {
    const ended = Deferred.makeUnsafe<"Cut" | "Left">()
    const onCut = () => {
      statistics.subscribersCut++
      Deferred.doneUnsafe(ended, Exit.succeed("Cut"))
    }
    const { replyBytesMax, requestBytesMax } = options
    const id = ++lastId
    const connection = new Connection(engine, kept, { id, requestBytesMax, replyBytesMax, onCut })
    const guest = { connection, ended }
    guests.add(guest)
    statistics.connectionsAccepted++
    statistics.connections++
    return guest
  }

  const leave = (guest: Guest): void => {
    guests.delete(guest)
    statistics.connections--
    guest.connection.close()
  }

  const handle = (stream: TcpStream.TcpStream) =>
    Effect.acquireUseRelease(
      Effect.sync(enter),
      ({ connection, ended }) =>
        Effect.raceFirst(converse(stream, connection, surroundings), Deferred.await(ended)).pipe(
          Effect.flatMap((why) => (why === "Cut" ? stream.reset : Effect.void))
        ),
      (guest) => Effect.sync(() => leave(guest))
    ).pipe(
      (use) => idle.watch(IdleTimeout.ofStream(stream), use),
      // A client that resets, vanishes or falls silent ends its own connection and is no news.
      Effect.catchTag("IoError", (error) => Effect.logDebug(`${stream.label}: ${error.message}`))
    )

  const { connectionsMax, drainDeadline, listen } = options
  const server = yield* Tcp.serve(handle, { ...listen, connectionsMax, drainDeadline })
  const drain = Effect.suspend(() => {
    isLeaving = true
    for (const { connection, ended } of guests) {
      if (connection.isIdle) Deferred.doneUnsafe(ended, Exit.succeed("Left"))
    }
    return server.drain({ deadline: drainDeadline })
  })
  return { server, drain }
})
