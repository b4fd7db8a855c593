/** The options of an open datagram socket, refused once it is closing. */
import * as Effect from "effect/Effect"
import type { IoError } from "../../IoError.ts"
import { PortFailure } from "../../port/PortFailure.ts"
import type { DatagramPort } from "../../port/UdpPort.ts"
import * as Check from "../Check.ts"
import * as IpLiteral from "../IpLiteral.ts"
import type { UdpHandle } from "./UdpHandle.ts"

/** Tells the port, unless the socket is closing; `done` follows its success in the same step. */
export const set = (
  socket: UdpHandle,
  operation: string,
  tell: () => void | PortFailure,
  done: () => void = () => {}
): Effect.Effect<void, IoError> =>
  Effect.suspend(() => {
    if (socket.isClosing) return Effect.fail(socket.closedError(operation))
    const failure = tell()
    if (failure instanceof PortFailure) {
      return Effect.fail(socket.error(operation, failure.reason, failure.cause))
    }
    done()
    return Effect.void
  })

export const setTtl = (
  socket: UdpHandle,
  port: DatagramPort,
  hops: number
): Effect.Effect<void, IoError> =>
  Check.integer("UdpSocket.setTtl", "hops", hops, 1, 255) ??
  set(socket, "UdpSocket.setTtl", () => port.setTtl(hops))

export const setMulticastTtl = (
  socket: UdpHandle,
  port: DatagramPort,
  hops: number
): Effect.Effect<void, IoError> =>
  Check.integer("UdpSocket.setMulticastTtl", "hops", hops, 0, 255) ??
  set(socket, "UdpSocket.setMulticastTtl", () => port.setMulticastTtl(hops))

export const setMulticastInterface = (
  socket: UdpHandle,
  port: DatagramPort,
  address: string
): Effect.Effect<void, IoError> => {
  const operation = "UdpSocket.setMulticastInterface"
  const literal = typeof address === "string" ? IpLiteral.parse(address) : undefined
  return literal === undefined || literal.family !== socket.family
    ? Check.invalid(operation, "address", `an IPv${socket.family} literal`, address)
    : set(socket, operation, () => port.setMulticastInterface(literal.host))
}

/** SO_RCVBUF or SO_SNDBUF as the kernel granted it. */
export const granted = (
  socket: UdpHandle,
  operation: string,
  ask: () => number | undefined
): Effect.Effect<number, IoError> =>
  Effect.suspend(() => {
    const { capabilities, name } = socket.table.ports
    const capability = "kernelBufferBytes"
    if (!capabilities[capability]) return Check.unsupported(operation, capability, name)
    if (socket.isClosing) return Effect.fail(socket.closedError(operation))
    const bytes = ask()
    return bytes === undefined
      ? Check.unsupported(operation, capability, name)
      : Effect.succeed(bytes)
  })
