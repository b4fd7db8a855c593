/** A program sends a datagram. */
import type { InetPortAddress } from "@portico/core/port/index"
import type { Errno } from "./Errno.ts"
import { Edge, type Host } from "./Host.ts"
import * as IpAddress from "./IpAddress.ts"
import { sendLoopback } from "./loopback.ts"
import { nameOf } from "./UdpBind.ts"
import type { Loss, Parcel } from "./Network.ts"
import type { Site } from "./Site.ts"
import { arrive, refuse } from "./UdpDelivery.ts"
import { costOf, type QueuedDatagram, type UdpEndpoint, type UdpName } from "./UdpEndpoint.ts"

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
  const refusal = refusalOf(host, from, bytes, target)
  if (refusal !== undefined) return refusal
  if (from.sendingBytes >= from.sendBytesMax) {
    from.isSendBlocked = true
    return false
  }
  const source = { ip: sourceOf(host, from, target), port: from.bound.port }
  const datagram = { bytes: new Uint8Array(bytes), from: source }
  from.sendingBytes += costOf(bytes.length)
  launch(host, from, datagram, target)
  host.site?.io.note("send")
  return true
}

const launch = (host: Host, from: UdpEndpoint, datagram: QueuedDatagram, to: UdpName): void => {
  const { site } = host
  if (site === undefined) {
    sendLoopback(host, from.lane, "Datagram", datagram.bytes.length, () => {
      arrive(host, from, datagram, to)
      release(from, datagram)
    })
    return
  }
  const { network } = site
  const sites = destinations(site, to.ip)
  if (sites.length === 0) return release(from, datagram)
  let copies = sites.length
  const left = () => void (--copies === 0 && release(from, datagram))
  for (const other of sites) {
    const fragments = other === site ? 1 : fragmentsOf(datagram.bytes.length, to.ip)
    const parcel = new DatagramParcel(host, from, datagram, to, left, fragments)
    network.carry(site, other, parcel, from.lane)
  }
}

/**
 * An Ethernet's 1,500 bytes less headers, the datagram's own among what is divided; each part but
 * the last has a multiple of eight bytes (RFC 791; RFC 8200 §4.5, which adds a header). Loopback
 * takes any datagram whole.
 */
const fragmentsOf = (bytes: number, { family }: IpAddress.IpAddress): number => {
  const whole = bytes + udpHeaderBytes
  if (family === 4) return Math.ceil(whole / 1480)
  return whole <= 1460 ? 1 : Math.ceil(whole / 1448)
}
const udpHeaderBytes = 8

/** Who may be meant: of a group, everybody but the host itself has to be on its network. */
const destinations = (site: Site, ip: IpAddress.IpAddress): ReadonlyArray<Site> => {
  if (IpAddress.isLoopback(ip)) return [site]
  if (IpAddress.isMulticast(ip) || IpAddress.isBroadcast(ip)) return site.network.sites
  const other = site.network.find(ip)
  return other === undefined ? [] : [other]
}

/** May be overtaken by any other, arrive twice, and be lost without a word. */
class DatagramParcel implements Parcel {
  readonly protocol = "udp"
  readonly kind = "Datagram"
  readonly bytes: number
  readonly fragments: number
  readonly order = undefined
  private readonly host: Host
  private readonly from: UdpEndpoint
  private readonly datagram: QueuedDatagram
  private readonly to: UdpName
  private readonly left: () => void
  private isOut = false

  constructor(
    host: Host,
    from: UdpEndpoint,
    datagram: QueuedDatagram,
    to: UdpName,
    left: () => void,
    fragments: number
  ) {
    this.fragments = fragments
    this.host = host
    this.from = from
    this.datagram = datagram
    this.to = to
    this.left = left
    this.bytes = datagram.bytes.length
  }

  deliver(kernel: Host): void {
    arrive(kernel, this.from, this.datagram, this.to)
    this.out()
  }

  lost(loss: Loss): void {
    this.out()
    if (loss !== "rejected") return
    const { from, host, to } = this
    refuse(host, from, to, "hostUnreachable")
  }

  // The first copy gives the send buffer its room back.
  private out(): void {
    if (this.isOut) return
    this.isOut = true
    this.left()
  }
}

const refusalOf = (
  host: Host,
  from: UdpEndpoint,
  bytes: Uint8Array,
  { ip }: UdpName
): Errno | undefined => {
  if (bytes.length > (ip.family === 4 ? bytesMaxV4 : bytesMaxV6)) return "messageTooLarge"
  const isV6Alone = from.bound.ip.family === 6 && ip.family === 4 && !takesV4(from)
  if (isV6Alone || (from.bound.ip.family === 4 && ip.family === 6)) return "networkUnreachable"
  if (isConfined(host, from, ip)) return "invalidArgument"
  if (IpAddress.isBroadcast(ip)) return from.mayBroadcast ? undefined : "permissionDenied"
  return host.reaches(ip) || IpAddress.isMulticast(ip) ? undefined : "networkUnreachable"
}

// As Linux: what leaves the host cannot come from its loopback.
const isConfined = (host: Host, { bound }: UdpEndpoint, ip: IpAddress.IpAddress): boolean =>
  host.site !== undefined &&
  IpAddress.isLoopback(bound.ip) &&
  !IpAddress.isMulticast(ip) &&
  !IpAddress.isBroadcast(ip) &&
  !host.owns(ip)

const takesV4 = ({ bound }: UdpEndpoint): boolean =>
  IpAddress.isWildcard(bound.ip) && !bound.ipv6Only

const sourceOf = (host: Host, from: UdpEndpoint, { ip }: UdpName): IpAddress.IpAddress => {
  const { binding, multicastFrom } = from
  if (!IpAddress.isWildcard(binding.ip)) return binding.ip
  const isGroup = IpAddress.isMulticast(ip) && multicastFrom?.family === ip.family
  return isGroup ? multicastFrom : (host.sourceFor(ip) ?? IpAddress.source(ip))
}

// As Linux: worth waking a sender for when half of the buffer is free.
const release = (from: UdpEndpoint, { bytes }: QueuedDatagram): void => {
  from.sendingBytes -= costOf(bytes.length)
  if (!from.isSendBlocked || from.sendingBytes * 2 > from.sendBytesMax) return
  from.isSendBlocked = false
  from.watcher?.changed(Edge.writable)
}
