/**
 * Queries and answers in datagrams.
 *
 * One fiber receives, and answers what is known in the same step; what upstreams are asked is sent
 * by another, so that neither waits for the other.
 */
import type { IoError, UdpSocket } from "@portico/core"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type { Desk } from "./Desk.ts"
import type { Bytes } from "./wire/Octets.ts"

/** Datagrams taken at once, where there are so many. */
const batchMax = 64

type Outgoing = UdpSocket.OutgoingDatagram

/** Sends all that the host takes: what one client cannot be sent is no reason for another. */
const sendAll = (
  socket: UdpSocket.UdpSocket,
  desk: Desk,
  batch: ReadonlyArray<Outgoing>
): Effect.Effect<void, IoError.IoError> =>
  Effect.catchTag(socket.sendBatch(batch), "IoError", (error) => {
    if (error.reason._tag === "Closed") return Effect.fail(error)
    desk.responder.statistics.unsent++
    const rest = batch.slice((error.index ?? batch.length) + 1)
    return rest.length === 0 ? Effect.void : sendAll(socket, desk, rest)
  })

const sendOne = (socket: UdpSocket.UdpSocket, desk: Desk, { bytes, to }: Outgoing) =>
  Effect.catchTag(socket.send(bytes, to), "IoError", (error) => {
    if (error.reason._tag === "Closed") return Effect.fail(error)
    desk.responder.statistics.unsent++
    return Effect.void
  })

const receive = Effect.fnUntraced(function* (
  socket: UdpSocket.UdpSocket,
  desk: Desk,
  late: Queue.Enqueue<Outgoing, Cause.Done>
): Effect.fn.Return<never, IoError.IoError> {
  const { launchUnsafe, responder, secondsUnsafe } = desk
  const { flights, statistics } = responder
  const receiveBatch = socket.receiveBatch(batchMax)
  const deliverTo = (to: UdpSocket.Datagram["replyTo"]) => (bytes: Bytes) => {
    if (!Queue.offerUnsafe(late, { bytes, to })) statistics.unsent++
  }
  for (;;) {
    const batch = yield* receiveBatch
    const seconds = secondsUnsafe()
    const answers: Array<Outgoing> = []
    responder.reset()
    for (const { bytes, replyTo: to } of batch) {
      let response = responder.respond(bytes, "udp", seconds)
      if (response === "Miss") response = responder.enlist("udp", deliverTo(to)) ?? "Dropped"
      if (response !== "Dropped") answers.push({ bytes: response, to })
    }
    if (flights.hasBoarded) launchUnsafe()
    if (answers.length === 1) yield* sendOne(socket, desk, answers[0]!)
    else if (answers.length > 1) yield* sendAll(socket, desk, answers)
    // Hosts read up to 8 (Bun) or 32 (Node) datagrams at once and hand them over one by one; a
    // fiber that waits is resumed by the first of them. One that yields meets the others together,
    // which spares a resume each, and on Bun a system call: 15 to 20 % of the CPU of an answer.
    yield* Effect.yieldNow
  }
})

export interface UdpService {
  /** Fails with what ended it. */
  readonly stopped: Effect.Effect<never, IoError.IoError>
  /** Takes no more queries. */
  readonly stopReceiving: Effect.Effect<void>
  /** Sends what waits to be sent, and nothing after that. */
  readonly flush: Effect.Effect<void>
}

/** Serves on `socket` until the scope ends. `queriesMax` answers may wait to be sent. */
export const serve = Effect.fnUntraced(function* (
  socket: UdpSocket.UdpSocket,
  desk: Desk,
  queriesMax: number
): Effect.fn.Return<UdpService, never, Scope.Scope> {
  const late = yield* Queue.dropping<Outgoing, Cause.Done>(queriesMax)
  const sender = yield* Queue.takeBetween(late, 1, batchMax).pipe(
    Effect.flatMap((batch) => sendAll(socket, desk, batch)),
    Effect.forever,
    Effect.forkScoped
  )
  const receiver = yield* Effect.forkScoped(receive(socket, desk, late))
  return {
    stopped: Fiber.join(receiver),
    stopReceiving: Fiber.interrupt(receiver),
    flush: Effect.andThen(Queue.end(late), Effect.asVoid(Fiber.await(sender)))
  }
})
