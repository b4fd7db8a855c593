/**
 * Queries and answers over TCP (RFC 7766): several on one connection, answered as their answers
 * come, in any order; a connection that asks nothing for a while is closed.
 */
import {
  Deadline,
  type IoError,
  type MovableDeadline,
  Tcp,
  type TcpServer,
  type TcpStream
} from "@portico/core"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { Desk } from "./Desk.ts"
import { questionLimit } from "./upstream/Upstreams.ts"
import { type Bytes, setU16, u16 } from "./wire/Octets.ts"

const questionNanosMax = Duration.toNanosUnsafe(questionLimit)

/** Queries of one connection that may wait for answers; then it is not read for a while. */
export const pipelineMax = 100

export interface TcpServiceOptions {
  readonly host: string
  readonly port: number
  readonly connectionsMax: number
  readonly idleTimeout: Duration.Duration
  readonly drainDeadline: Duration.Duration
}

export interface TcpService {
  readonly server: TcpServer.TcpServer
  /**
   * No more connections; those with nothing under way are closed now, the others as soon as what
   * they asked is answered, at the latest at the drain deadline.
   */
  readonly drain: Effect.Effect<TcpServer.DrainReport>
}

class Connection {
  readonly stream: TcpStream.TcpStream
  readonly answers: Queue.Queue<Bytes>
  /** When it is closed. */
  readonly deadline: MovableDeadline.MovableDeadline
  /** A permit for each query under way. */
  readonly places = Semaphore.makeUnsafe(pipelineMax)
  underWay = 0
  /** Done when the server leaves, and nothing is under way. */
  readonly left = Deferred.makeUnsafe<void>()

  constructor(
    stream: TcpStream.TcpStream,
    answers: Queue.Queue<Bytes>,
    deadline: MovableDeadline.MovableDeadline
  ) {
    this.stream = stream
    this.answers = answers
    this.deadline = deadline
  }

  leaveIfIdle(): void {
    if (this.underWay === 0) Deferred.doneUnsafe(this.left, Exit.void)
  }

  /** The answer with its length before it (RFC 1035 §4.2.2), in one write. */
  write(answer: Bytes): Effect.Effect<void, IoError.IoError> {
    const framed = new Uint8Array(answer.length + 2)
    setU16(framed, 0, answer.length)
    framed.set(answer, 2)
    return this.stream.write(framed)
  }
}

/** Serves until the scope ends. Succeeds when clients can connect. */
export const serve = Effect.fnUntraced(function* (
  desk: Desk,
  { idleTimeout, ...options }: TcpServiceOptions
): Effect.fn.Return<TcpService, IoError.IoError, Tcp.Tcp | Scope.Scope> {
  const connections = new Set<Connection>()
  const clock = yield* Clock.Clock
  const idleNanos = Duration.toNanosUnsafe(idleTimeout)
  let isLeaving = false

  /** It has asked, or was answered: who waits for an answer is not idle (RFC 7766 §6.2.3). */
  const touch = ({ deadline, underWay }: Connection) => {
    const patienceNanos = underWay === 0 ? idleNanos : idleNanos + questionNanosMax
    deadline.moveUnsafe(clock.monotonicTimeNanosUnsafe() + patienceNanos, clock)
  }

  /** Writes what comes late. */
  const writeAnswers = Effect.fnUntraced(function* (connection: Connection) {
    for (;;) {
      yield* connection.write(yield* Queue.take(connection.answers))
      connection.underWay--
      touch(connection)
      yield* connection.places.release(1)
      if (isLeaving) connection.leaveIfIdle()
    }
  })

  const readQueries = Effect.fnUntraced(function* (connection: Connection) {
    const { places, stream } = connection
    const { launchUnsafe, responder, secondsUnsafe } = desk
    const deliver = (answer: Bytes) => {
      if (!Queue.offerUnsafe(connection.answers, answer)) responder.statistics.unsent++
    }
    for (;;) {
      const length = u16(yield* stream.readExactly(2), 0)
      const message = length === 0 ? new Uint8Array() : yield* stream.readExactly(length)
      touch(connection)
      yield* places.take(1)
      let response = responder.respond(message, "tcp", secondsUnsafe())
      if (response === "Miss") {
        response = responder.enlist("tcp", deliver) ?? "Miss"
        if (response === "Miss") {
          connection.underWay++
          touch(connection)
          launchUnsafe()
          continue
        }
      }
      if (response !== "Dropped") yield* connection.write(response)
      yield* places.release(1)
    }
  })

  const handle = Effect.fnUntraced(function* (stream: TcpStream.TcpStream) {
    const answers = yield* Queue.dropping<Bytes>(pipelineMax)
    const deadline = yield* Deadline.movable(idleTimeout)
    const connection = new Connection(stream, answers, deadline)
    connections.add(connection)
    const conversation = Effect.gen(function* () {
      yield* Effect.forkChild(writeAnswers(connection))
      yield* readQueries(connection).pipe(
        // The client has said all, and may still read what it waits for.
        Effect.catchTag("IoError", (error) =>
          error.reason._tag === "UnexpectedEnd" ? connection.places.take(pipelineMax) : Effect.void
        )
      )
    })
    const leaving = Deferred.await(connection.left)
    yield* Deadline.within(Effect.raceFirst(conversation, leaving), deadline).pipe(
      Effect.catchTag("DeadlineExceeded", () => Effect.void),
      Effect.ensuring(Effect.sync(() => connections.delete(connection)))
    )
  })

  const server = yield* Tcp.serve(handle, options)
  const drain = Effect.suspend(() => {
    isLeaving = true
    for (const connection of connections) connection.leaveIfIdle()
    return server.drain({ deadline: options.drainDeadline })
  })
  return { server, drain }
})
