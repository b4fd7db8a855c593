/**
 * A key-value server that speaks Redis's protocol (RESP2, RESP3), bounded in memory, with a log
 * that outlasts crashes.
 */
import { Address, EventLoop, type Files, type IoError, type Tcp } from "@portico/core"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import { configuration } from "./configuration.ts"
import { Engine } from "./Engine.ts"
import { expireInTime } from "./expireInTime.ts"
import * as Persistence from "./journal/Persistence.ts"
import type { Options } from "./Options.ts"
import * as Service from "./Service.ts"

export type { Options }

export interface Server {
  readonly address: Address.Address
  readonly engine: Engine
  /** What the start found in the log, for people. */
  readonly found: string
  readonly connections: Effect.Effect<number>
  /**
   * Answers what was asked, at most until the drain deadline, then writes and syncs the log and
   * closes it. Succeeds with the number of connections that had to be cut.
   */
  readonly drain: Effect.Effect<number, IoError.IoError>
  /** Fails with what stopped the server: the log, or the sockets. Succeeds after a drain. */
  readonly stopped: Effect.Effect<void, IoError.IoError>
}

/** Serves until the scope ends. Succeeds when clients can connect. */
export const serve = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<Server, Persistence.StartError, Files.Files | Tcp.Tcp | Scope.Scope> {
  const { memoryBytesMax, subscriberBytesMax, transactionBytesMax } = options
  const engine = new Engine({
    seed: Math.floor((yield* Random.next) * 2 ** 32),
    memoryBytesMax,
    subscriberBytesMax,
    transactionBytesMax,
    configuration: configuration(options)
  })
  const disk = yield* Scope.fork(yield* Effect.scope)
  const { found, journal } = yield* Scope.provide(Persistence.open(engine, options), disk)
  engine.keyspace.now = engine.startedAt = yield* Clock.currentTimeMillis
  yield* Effect.forkScoped(expireInTime(engine.keyspace))
  const service = yield* Service.serve(engine, journal, options)
  const drain = Effect.gen(function* () {
    const { interrupted, left } = yield* service.drain
    yield* journal.flush
    yield* Scope.close(disk, Exit.void)
    return interrupted + left
  })
  const { address, connections, stopped } = service.server
  return {
    address,
    engine,
    found,
    connections,
    drain,
    stopped: Effect.raceFirst(stopped, Deferred.await(journal.failed))
  }
})

const drainAndLog = (server: Server) =>
  Effect.gen(function* () {
    yield* Effect.log(`draining connections=${yield* server.connections}`)
    const cut = yield* server.drain
    const { length } = yield* EventLoop.EventLoop.use(({ handles }) => handles)
    yield* Effect.log(`drained cut=${cut} keys=${server.engine.keyspace.size} handles=${length}`)
  }).pipe(
    Effect.catchTag("IoError", (error) =>
      Effect.logError(`The log could not be finished: ${error.message}`)
    )
  )

/**
 * The app: prints `ready redis://<address>` on standard output and serves until it is interrupted,
 * then drains. Fails with what kept the server from starting, or stopped it.
 */
export const run = (
  options: Options
): Effect.Effect<void, Persistence.StartError, EventLoop.EventLoop | Files.Files | Tcp.Tcp> =>
  Effect.gen(function* () {
    const server = yield* serve(options)
    yield* Effect.log(server.found)
    yield* Effect.addFinalizer((exit) =>
      Exit.hasInterrupts(exit) || Exit.isSuccess(exit) ? drainAndLog(server) : Effect.void
    )
    yield* Console.log(`ready ${Address.format(server.address).replace(/^tcp/, "redis")}`)
    yield* server.stopped
  }).pipe(Effect.scoped)
