/** What Effect's datagram sockets ask of a socket, by one of core's. */
import { type IoError, isIoError } from "@portico/core/IoError"
import type { UdpSocket } from "@portico/core/UdpSocket"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as NetAddress from "effect/net/NetAddress"
import type { BackingEvents, BackingSocket } from "effect/socket/DatagramSocket"
import { openError, readError, writeError } from "./datagramError.ts"

/** Core sends and receives no more at once. */
const batchMax = 1024

const noScopes: ReadonlyMap<string, number> = new Map()

export const interfaceOf = (found: NetAddress.MulticastInterface): string =>
  NetAddress.formatMulticastInterface(found, noScopes)

/** Hands on what comes, until the socket is closed. */
export const receive = (socket: UdpSocket, events: BackingEvents): Effect.Effect<void> =>
  Effect.forever(
    Effect.map(socket.receiveBatch(batchMax), (batch) => {
      for (const { bytes, replyTo } of batch) events.onPacket(bytes, replyTo.host!, replyTo.port)
    })
  ).pipe(
    // A peer that refuses is no end: the next datagram may come.
    Effect.retry({
      while: (error) => {
        if (isIoError(error, "Closed")) return false
        events.onError(readError(error))
        return true
      }
    }),
    Effect.catch(() => Effect.sync(() => events.onClose()))
  )

/** Runs it now, with the services of the socket. */
export type Run = <A>(
  effect: Effect.Effect<A, IoError>,
  done: (exit: Exit.Exit<A, IoError>) => void
) => void

const failureOf = (exit: Exit.Exit<unknown, IoError>): IoError | undefined => {
  if (Exit.isSuccess(exit)) return undefined
  const reason = exit.cause.reasons.find(({ _tag }) => _tag === "Fail")
  return reason?._tag === "Fail" ? reason.error : undefined
}

export const sending = (
  socket: UdpSocket,
  run: Run
): Pick<BackingSocket, "close" | "send" | "sendMany"> => ({
  send: (payload, destination, done) =>
    run(socket.send(payload, destination), (exit) => {
      const error = failureOf(exit)
      done(error && writeError(error))
    }),
  sendMany: (payloads, destinations, done) => {
    const batch = payloads.map((bytes, index) => ({ bytes, to: destinations[index] }))
    const parts = Array.from({ length: Math.ceil(batch.length / batchMax) }, (_, part) => {
      const from = part * batchMax
      return Effect.mapError(socket.sendBatch(batch.slice(from, from + batchMax)), (error) => {
        index = from + (error.index ?? 0)
        return error
      })
    })
    let index: number | undefined
    run(Effect.all(parts, { discard: true }), (exit) => {
      const error = failureOf(exit)
      done(error && writeError(error), index)
    })
  },
  close: () => run(socket.close, () => {})
})

export const joining =
  (socket: UdpSocket): BackingSocket["joinMulticast"] =>
  ({ group, interface: ingress, source }) => {
    const asked = {
      group: NetAddress.formatIp(group),
      interface: ingress === undefined ? undefined : interfaceOf(ingress),
      source: source && NetAddress.formatIp(source)
    }
    const left = () => Effect.ignore(socket.leave(asked))
    return Effect.as(Effect.mapError(socket.join(asked), openError), left)
  }
