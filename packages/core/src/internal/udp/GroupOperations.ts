/** Joining and leaving multicast groups. */
import * as Effect from "effect/Effect"
import type { IoError } from "../../IoError.ts"
import type { DatagramPort, Membership } from "../../port/UdpPort.ts"
import { Reason } from "../../Reason.ts"
import type { GroupOptions } from "../../UdpOptions.ts"
import * as Check from "../Check.ts"
import * as IpLiteral from "../IpLiteral.ts"
import type { Memberships } from "./Memberships.ts"
import type { UdpHandle } from "./UdpHandle.ts"
import { set } from "./UdpSettings.ts"

type Refusal = Effect.Effect<never, IoError> | undefined

export const join = (
  socket: UdpHandle,
  port: DatagramPort,
  groups: Memberships,
  options: GroupOptions
): Effect.Effect<void, IoError> => {
  const operation = "UdpSocket.join"
  return Effect.suspend(() => {
    const refusal = check(socket, operation, options)
    if (refusal !== undefined) return refusal
    const membership = toMembership(options)
    const conflict = socket.isClosing ? undefined : groups.conflict(membership)
    if (conflict !== undefined) return Effect.fail(socket.error(operation, conflict))
    return set(
      socket,
      operation,
      () => port.join(membership),
      () => groups.add(membership)
    )
  })
}

export const leave = (
  socket: UdpHandle,
  port: DatagramPort,
  groups: Memberships,
  options: GroupOptions
): Effect.Effect<void, IoError> => {
  const operation = "UdpSocket.leave"
  return Effect.suspend(() => {
    const refusal = check(socket, operation, options)
    if (refusal !== undefined) return refusal
    const membership = toMembership(options)
    if (!socket.isClosing && !groups.has(membership)) {
      return Effect.fail(socket.error(operation, Reason.AddressNotAvailable()))
    }
    return set(
      socket,
      operation,
      () => port.leave(membership),
      () => groups.remove(membership)
    )
  })
}

const check = (socket: UdpHandle, operation: string, options: GroupOptions): Refusal => {
  const { group, interface: device, source } = options
  const { family } = socket
  const parse = (text: string) => {
    const literal = typeof text === "string" ? IpLiteral.parse(text) : undefined
    return literal?.family === family ? literal : undefined
  }
  const { capabilities, name } = socket.table.ports
  if (parse(group)?.isMulticast !== true) {
    return Check.invalid(operation, "group", `an IPv${family} multicast literal`, group)
  }
  if (device !== undefined && parse(device) === undefined) {
    return Check.invalid(operation, "interface", `an IPv${family} literal`, device)
  }
  if (source === undefined) return undefined
  if (parse(source)?.isMulticast !== false) {
    return Check.invalid(operation, "source", `an IPv${family} unicast literal`, source)
  }
  return capabilities.multicastSource
    ? undefined
    : Check.unsupported(operation, "multicastSource", name)
}

const toMembership = (options: GroupOptions): Membership => ({
  group: hostOf(options.group),
  interface: options.interface === undefined ? undefined : hostOf(options.interface),
  source: options.source === undefined ? undefined : hostOf(options.source)
})

const hostOf = (text: string): string => IpLiteral.parse(text)!.host
