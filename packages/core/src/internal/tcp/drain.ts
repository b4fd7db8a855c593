/**
 * Ending a server: no more accepts, handlers finish, a deadline, an interruption, a report.
 */
import type * as Duration from "effect/Duration"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Deadline from "../../Deadline.ts"
import type { DrainReport } from "../../TcpServer.ts"
import type { Server } from "./Server.ts"
import type { Restore } from "../scoped.ts"
import { defaults } from "./TcpArguments.ts"

interface DrainOptions {
  readonly deadline: Duration.Input
  readonly interruptGrace?: Duration.Input | undefined
}

/** Runs the drain once: a fiber of its own, whose report every caller is given. */
export const drainServer = <R>(
  server: Server<R>,
  options: DrainOptions
): Effect.Effect<DrainReport> => {
  const report: Deferred.Deferred<DrainReport> = Deferred.makeUnsafe()
  let isStarted = false
  // Looked at and marked in one operation, from which on nothing interrupts it: two fibers do not
  // both run it, and none waits for a report that nobody makes.
  return Effect.uninterruptibleMask((restore) => {
    if (isStarted) return restore(Deferred.await(report))
    isStarted = true
    return Effect.tap(steps(server, options, restore), (result) => Deferred.succeed(report, result))
  })
}

const steps = <R>(
  server: Server<R>,
  options: DrainOptions,
  restore: Restore
): Effect.Effect<DrainReport> =>
  Effect.gen(function* () {
    const total = server.running
    yield* server.listener.close
    // Interrupting the drain ends the waiting, not the drain.
    const inForce = yield* Deadline.current
    const finished = Deadline.within(server.atMost(0), options.deadline)
    yield* Effect.exit(restore(Deadline.within(finished, inForce)))
    const late = server.handling()
    for (const { handler } of late) handler?.interruptUnsafe()
    const grace = options.interruptGrace ?? defaults.interruptGrace
    yield* Effect.exit(restore(Effect.timeoutOption(server.atMost(0), grace)))
    // Whoever ignores its interruption loses its connection all the same.
    const left = server.handling()
    yield* Effect.forEach(left, (stream) => stream.terminate, { discard: true })
    yield* Deferred.succeed(server.done, undefined)
    return {
      finished: total - late.length,
      interrupted: late.length - left.length,
      left: left.length
    }
  })
