/** A program sends a datagram. */
import type { InetPortAddress } from "@portico/core/port/index"
import type { Errno } from "./Errno.ts"
import { Edge, type Host } from "./Host.ts"
import * as IpAddress from "./IpAddress.ts"
import { nameOf } from "./UdpBind.ts"
import { arrive } from "./UdpDelivery.ts"
import { costOf, type UdpEndpoint, type UdpName } from "./UdpEndpoint.ts"

/** An IPv4 packet's 65,535 bytes less its headers; IPv6 does not count its own. */
const bytesMaxV4 = 65_507
const bytesMaxV6 = 65_527

/**
 * Copies the bytes and puts them on their way; `to` is left out on a connected socket. False when
 * the send buffer is full.
 */
export const send = (
  host: Host,
  from: UdpEndpoint,
  bytes: Uint8Array,
  to: InetPortAddress | undefined
): boolean | Errno => {
  // Whoever calls next is told what was answered; the datagram does not leave.
  const { error } = from
  if (error !== undefined) {
    from.error = undefined
    return error
  }
  const target = to === undefined ? from.peer : nameOf(to)
  if (target === undefined) return "invalidArgument"
  const refusal = refusalOf(from, bytes, target)
  if (refusal !== undefined) return refusal
  if (from.sendingBytes >= from.sendBytesMax) {
    from.isSendBlocked = true
    return false
  }
  const source = { ip: sourceOf(from, target), port: from.bound.port }
  const datagram = { bytes: Uint8Array.from(bytes), from: source }
  const cost = costOf(bytes.length)
  from.sendingBytes += cost
  host.timeline.after(host.options.latencyNanos, from.lane, () => {
    arrive(host, from, datagram, target)
    release(from, cost)
  })
  return true
}

const refusalOf = (from: UdpEndpoint, bytes: Uint8Array, { ip }: UdpName): Errno | undefined => {
  if (bytes.length > (ip.family === 4 ? bytesMaxV4 : bytesMaxV6)) return "messageTooLarge"
  const isV6Alone = from.bound.ip.family === 6 && ip.family === 4 && !takesV4(from)
  if (isV6Alone || (from.bound.ip.family === 4 && ip.family === 6)) return "networkUnreachable"
  if (IpAddress.isBroadcast(ip)) return from.mayBroadcast ? undefined : "permissionDenied"
  // The host has loopback devices only.
  return IpAddress.isOurs(ip) || IpAddress.isMulticast(ip) ? undefined : "networkUnreachable"
}

const takesV4 = ({ bound }: UdpEndpoint): boolean =>
  IpAddress.isWildcard(bound.ip) && !bound.ipv6Only

const sourceOf = (from: UdpEndpoint, { ip }: UdpName): IpAddress.IpAddress => {
  const { binding, multicastFrom } = from
  if (!IpAddress.isWildcard(binding.ip)) return binding.ip
  const isGroup = IpAddress.isMulticast(ip) && multicastFrom?.family === ip.family
  return isGroup ? multicastFrom : IpAddress.source(ip)
}

// As Linux: worth waking a sender for when half of the buffer is free.
const release = (from: UdpEndpoint, cost: number): void => {
  from.sendingBytes -= cost
  if (!from.isSendBlocked || from.sendingBytes * 2 > from.sendBytesMax) return
  from.isSendBlocked = false
  from.watcher?.changed(Edge.writable)
}
