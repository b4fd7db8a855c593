/**
 * A datagram socket: what the kernel knows of it. Moved by `UdpBind`, `UdpSend` and `UdpDelivery`.
 */
import type { InetPortAddress } from "@portico/core/port/index"
import { type Strand, StrandKind } from "../loop/Strand.ts"
import type { Errno } from "./Errno.ts"
import type { Host, Watcher } from "./Host.ts"
import type { Binding } from "./InetNames.ts"
import type { IpAddress } from "./IpAddress.ts"
import type { GroupList } from "./GroupList.ts"

/** An address of the network: one spelling, an IPv4 one is never mapped. */
export interface UdpName {
  readonly ip: IpAddress
  readonly port: number
}

/** A datagram in a socket's receive queue. */
export interface QueuedDatagram {
  readonly bytes: Uint8Array
  readonly from: UdpName
}

export class UdpEndpoint {
  readonly id: number
  readonly host: Host
  /** Where it was bound. */
  readonly bound: Binding
  /** Where it receives: as bound, or narrowed to one address while it is connected. */
  binding: Binding
  readonly groups: GroupList
  /** Its datagrams on their way, in order. */
  readonly lane: Strand
  watcher: Watcher | undefined = undefined
  peer: UdpName | undefined = undefined
  isOpen = true
  mayBroadcast = false
  multicastFrom: IpAddress | undefined = undefined
  /** What ICMP answered; the next call is told, once (`sk_err`). */
  error: Errno | undefined = undefined

  readonly receiveBytesMax: number
  readonly sendBytesMax: number
  readonly queue: Array<QueuedDatagram> = []
  /** Memory that the queue takes, as Linux accounts for it. */
  queuedBytes = 0
  /** Memory of what is on its way. */
  sendingBytes = 0
  /** A send found no room, so room has to be told. */
  isSendBlocked = false

  constructor(
    host: Host,
    binding: Binding,
    groups: GroupList,
    receiveBytesMax: number,
    sendBytesMax: number
  ) {
    this.id = host.nextSocket()
    this.host = host
    this.bound = binding
    this.binding = binding
    this.groups = groups
    this.receiveBytesMax = receiveBytesMax
    this.sendBytesMax = sendBytesMax
    this.lane = host.timeline.strand(StrandKind.packet)
  }

  get address(): InetPortAddress {
    return { _tag: "Inet", host: this.bound.ip.literal, port: this.bound.port }
  }
}

// Headers of the packet, and what the kernel keeps behind it (`struct skb_shared_info`).
const headerBytes = 64
const behindBytes = 320
const structBytes = 256
const pageBytes = 4096

/**
 * What a datagram costs a buffer: its memory comes in powers of two up to two pages, in whole pages
 * beyond. (As Linux has it for loopback: 768 for one byte, 2,304 for 1,024, so that 92 of those
 * fill the default buffer.)
 */
export const costOf = (payloadBytes: number): number => {
  const bytes = payloadBytes + headerBytes + behindBytes
  if (bytes > 2 * pageBytes) return structBytes + Math.ceil(bytes / pageBytes) * pageBytes
  let memory = 512
  while (memory < bytes) memory *= 2
  return structBytes + memory
}
