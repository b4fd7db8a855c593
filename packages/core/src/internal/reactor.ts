/** The Reactor over handles: readiness is what `AwaitReadable` and `WritableWait` wait for. */
import * as Effect from "effect/Effect"
import * as HandleState from "../HandleState.ts"
import type { Interest } from "../Interest.ts"
import type { IoError } from "../IoError.ts"
import type { Readiness } from "../Readiness.ts"
import type { TcpListener } from "../TcpListener.ts"
import type { TcpStream } from "../TcpStream.ts"
import type { UdpSocket } from "../UdpSocket.ts"
import * as Check from "./Check.ts"
import { ListenerHandle } from "./tcp/ListenerHandle.ts"
import { StreamHandle } from "./stream/StreamHandle.ts"
import { UdpHandle } from "./udp/UdpHandle.ts"

const operation = "Reactor.awaitReadiness"

export const awaitReadiness = (
  handle: TcpStream | TcpListener | UdpSocket,
  interest: Interest
): Effect.Effect<Readiness, IoError> => {
  if (!interest.read && !interest.write) {
    return Check.invalid(operation, "interest", "in reading, writing, or both", "neither")
  }
  if (handle instanceof StreamHandle || handle instanceof UdpHandle) {
    return readinessOf(handle, interest)
  }
  if (handle instanceof ListenerHandle) return listenerReadiness(handle, interest)
  return Effect.die(new Error(`${operation}: not a handle of this backend`))
}

// Waiting for both is a race of the two waits; the loser is unregistered before it answers.
const readinessOf = (
  handle: StreamHandle | UdpHandle,
  interest: Interest
): Effect.Effect<Readiness, IoError> => {
  const wait =
    interest.read && interest.write
      ? Effect.raceFirst(handle.awaitReadable, handle.awaitWritable)
      : interest.read
        ? handle.awaitReadable
        : handle.awaitWritable
  return Effect.map(wait, () => ({
    readable: handle.isReadable,
    writable: handle.isWritable,
    hangUp: HandleState.isHungUp(handle.state)
  }))
}

const listenerReadiness = (
  listener: ListenerHandle,
  interest: Interest
): Effect.Effect<Readiness, IoError> =>
  interest.write
    ? Check.invalid(operation, "interest", "in reading, for a listener", "writing")
    : Effect.as(listener.awaitReadable, { readable: true, writable: false, hangUp: false })
