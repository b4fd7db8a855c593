/** A datagram arrives: at one socket, at all of a group, or at none. */
import type { Errno } from "./Errno.ts"
import { Edge, type Host } from "./Host.ts"
import { rankOf } from "./InetNames.ts"
import * as IpAddress from "./IpAddress.ts"
import type { Parcel } from "./Network.ts"
import { costOf, type QueuedDatagram, type UdpEndpoint, type UdpName } from "./UdpEndpoint.ts"

export const arrive = (
  host: Host,
  sender: UdpEndpoint,
  datagram: QueuedDatagram,
  to: UdpName
): void => {
  if (IpAddress.isMulticast(to.ip) || IpAddress.isBroadcast(to.ip)) {
    for (const socket of receiversOf(host, datagram.from, to)) {
      enqueue(socket, { ...datagram, bytes: datagram.bytes.slice() })
    }
    return
  }
  const socket = find(host, datagram.from, to)
  if (socket !== undefined) enqueue(socket, datagram)
  else answerUnreachable(host, sender, to)
}

/** The most specific socket of those that may have it (`__udp4_lib_lookup`). */
const find = (host: Host, from: UdpName, to: UdpName): UdpEndpoint | undefined => {
  let best: Array<UdpEndpoint> = []
  let bestRank = 0
  for (const socket of host.udp.at(to.port)) {
    const rank = takesFrom(socket, from) ? rankOf(socket.binding, to.ip) : 0
    if (rank === 0) continue
    const ranked = rank * 2 + (socket.peer === undefined ? 0 : 1)
    if (ranked > bestRank) best = []
    if (ranked >= bestRank) best.push(socket)
    bestRank = Math.max(bestRank, ranked)
  }
  // Sockets that share a port share it by sender (SO_REUSEPORT); else the last that was bound has
  // it (SO_REUSEADDR).
  const last = best.at(-1)
  return last?.bound.reusePort === true ? best[hashOf(from) % best.length] : last
}

const takesFrom = ({ peer }: UdpEndpoint, from: UdpName): boolean =>
  peer === undefined || (peer.port === from.port && peer.ip.literal === from.ip.literal)

const hashOf = ({ ip, port }: UdpName): number => {
  let hash = port
  for (let at = 0; at < ip.literal.length; at++) {
    hash = Math.imul(hash ^ ip.literal.charCodeAt(at), 0x01000193) >>> 0
  }
  return hash
}

const receiversOf = (host: Host, from: UdpName, to: UdpName): ReadonlyArray<UdpEndpoint> => {
  const sockets = host.udp.at(to.port).filter((socket) => {
    return takesFrom(socket, from) && rankOf(socket.binding, to.ip) > 0
  })
  if (!IpAddress.isMulticast(to.ip)) return sockets
  const group = to.ip.literal
  // The device lets in what anybody on this host joined.
  if (!host.udp.some((socket) => socket.groups.has(group))) return []
  return sockets.filter((socket) => socket.groups.accepts(group, from.ip.literal))
}

// Beyond the buffer it is dropped in silence. An empty queue takes anything.
const enqueue = (socket: UdpEndpoint, datagram: QueuedDatagram): void => {
  const cost = costOf(datagram.bytes.length)
  if (socket.queuedBytes > 0 && socket.queuedBytes + cost > socket.receiveBytesMax) return
  socket.host.site?.io.note("receive")
  socket.queuedBytes += cost
  socket.queue.push(datagram)
  if (socket.queue.length === 1) socket.watcher?.changed(Edge.readable)
}

/** ICMP's "port unreachable" (RFC 792): only a socket connected to that peer is told. */
const answerUnreachable = (host: Host, sender: UdpEndpoint, to: UdpName): void => {
  const { site } = host
  if (site === undefined || sender.host === host) {
    return refuse(host, sender, to, "connectionRefused")
  }
  const answer: Parcel = {
    protocol: "udp",
    kind: "PortUnreachable",
    bytes: 0,
    fragments: 1,
    order: undefined,
    deliver: (kernel) => void (kernel === sender.host && tell(sender, to, "connectionRefused")),
    lost: () => {}
  }
  site.network.carry(site, sender.host.site, answer, sender.lane)
}

/** An ICMP error comes back to the sender, as late as over loopback. */
export const refuse = (host: Host, sender: UdpEndpoint, to: UdpName, error: Errno): void => {
  host.timeline.after(host.options.latencyNanos, sender.lane, () => tell(sender, to, error))
}

const tell = (sender: UdpEndpoint, to: UdpName, error: Errno): void => {
  const { isOpen, peer } = sender
  if (!isOpen || peer?.port !== to.port || peer.ip.literal !== to.ip.literal) return
  sender.error = error
  sender.watcher?.changed(Edge.readable)
}

/** Takes the datagram that came first. */
export const receive = (socket: UdpEndpoint): QueuedDatagram | undefined => {
  const datagram = socket.queue.shift()
  if (datagram !== undefined) socket.queuedBytes -= costOf(datagram.bytes.length)
  return datagram
}
