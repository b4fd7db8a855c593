/** How datagram sockets begin and end, and which peer they have. */
import type { BindRequest, InetPortAddress, Membership } from "@portico/core/port/index"
import type { Errno } from "./Errno.ts"
import { GroupList } from "./GroupList.ts"
import type { Host } from "./Host.ts"
import type { Binding } from "./InetNames.ts"
import * as IpAddress from "./IpAddress.ts"
import { UdpEndpoint, type UdpName } from "./UdpEndpoint.ts"

// SOCK_MIN_RCVBUF and SOCK_MIN_SNDBUF.
const receiveBytesMin = 2304
const sendBytesMin = 4608

export const bind = (host: Host, request: BindRequest): UdpEndpoint | Errno => {
  if (!host.descriptorsLeft) return "descriptorsUsedUp"
  const ip = IpAddress.parse(request.address.host)
  if (ip === undefined) return "invalidArgument"
  if (!isBindable(host, ip)) return "addressNotAvailable"
  const port = request.address.port === 0 ? host.udp.freePort() : request.address.port
  if (port === undefined) return "addressInUse"
  const { ipv6Only, reuseAddress, reusePort } = request
  const binding: Binding = { ip, port, ipv6Only, reuseAddress, reusePort }
  if (host.udp.conflicts(binding)) return "addressInUse"
  const { receiveBufferBytes, sendBufferBytes } = host.options
  const endpoint = new UdpEndpoint(
    host,
    binding,
    new GroupList(),
    granted(request.kernelReceiveBytes, receiveBytesMin, receiveBufferBytes),
    granted(request.kernelSendBytes, sendBytesMin, sendBufferBytes)
  )
  host.udp.add(port, endpoint)
  host.opened(endpoint)
  return endpoint
}

const isBindable = (host: Host, ip: IpAddress.IpAddress): boolean =>
  host.owns(ip) || IpAddress.isWildcard(ip) || IpAddress.isMulticast(ip)

// Linux grants twice what it is asked for, to have room for its own overhead; here, too, the
// default is the most (net.core.rmem_max, wmem_max).
const granted = (asked: number | undefined, min: number, host: number): number =>
  asked === undefined ? host : Math.max(min, 2 * Math.min(asked, host))

/** Fixes the peer, or lets it go. What is queued stays. */
export const connect = (
  endpoint: UdpEndpoint,
  peer: InetPortAddress | undefined
): Errno | undefined => {
  if (peer === undefined) {
    endpoint.peer = undefined
    endpoint.binding = endpoint.bound
    return undefined
  }
  const to = nameOf(peer)
  if (to === undefined) return "invalidArgument"
  const { host } = endpoint
  if (!host.reaches(to.ip) && !IpAddress.isMulticast(to.ip)) return "networkUnreachable"
  const { bound } = endpoint
  endpoint.peer = to
  // The route decides which of our addresses it has.
  endpoint.binding = IpAddress.isWildcard(bound.ip)
    ? { ...bound, ip: host.sourceFor(to.ip) ?? IpAddress.source(to.ip) }
    : bound
  return undefined
}

/** An address as the network knows it; the unspecified one is loopback. */
export const nameOf = ({ host, port }: InetPortAddress): UdpName | undefined => {
  const ip = IpAddress.parse(host)
  return ip === undefined ? undefined : { ip: IpAddress.destination(ip), port }
}

/** Every address of the host's names its one interface. */
export const setMulticastInterface = (
  endpoint: UdpEndpoint,
  address: string
): Errno | undefined => {
  const ip = IpAddress.parse(address)
  if (ip === undefined || !endpoint.host.owns(ip)) return "addressNotAvailable"
  endpoint.multicastFrom = ip
  return undefined
}

export const join = (endpoint: UdpEndpoint, membership: Membership): Errno | undefined =>
  interfaceError(endpoint, membership) ??
  endpoint.groups.join(literalOf(membership.group), optionalLiteral(membership.source))

export const leave = (endpoint: UdpEndpoint, membership: Membership): Errno | undefined =>
  interfaceError(endpoint, membership) ??
  endpoint.groups.leave(literalOf(membership.group), optionalLiteral(membership.source))

const interfaceError = ({ host }: UdpEndpoint, membership: Membership): Errno | undefined => {
  const device = membership.interface
  const ip = device === undefined ? undefined : IpAddress.parse(device)
  return ip === undefined || host.owns(ip) ? undefined : "addressNotAvailable"
}

const literalOf = (text: string): string => IpAddress.parse(text)?.literal ?? text
const optionalLiteral = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : literalOf(text)

/** The program gives its descriptor back. What is on its way from it still arrives. */
export const close = (host: Host, endpoint: UdpEndpoint): void => {
  if (!endpoint.isOpen) return
  endpoint.isOpen = false
  endpoint.watcher = undefined
  endpoint.queue.length = 0
  host.closed(endpoint)
  host.udp.remove(endpoint.bound.port, endpoint)
}
