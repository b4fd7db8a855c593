/** What travels between two ends of a connection, and how it is put on its way. */
import type { Endpoint } from "./Endpoint.ts"
import type { Host } from "./Host.ts"
import { sendLoopback } from "./loopback.ts"
import type { Loss, Parcel } from "./Network.ts"

export type Packet =
  /** The answers to a SYN, and the answer to the first of them. */
  | { readonly kind: "Accepted" }
  | { readonly kind: "Refused" }
  | { readonly kind: "Confirmed" }
  /** `at`: the bytes that were sent before, as in `Endpoint.sent`. */
  | { readonly kind: "Data"; readonly at: number; readonly bytes: Uint8Array }
  /** Everything before `acknowledged` arrived; the sender may go on up to `limit`. */
  | { readonly kind: "Ack"; readonly acknowledged: number; readonly limit: number }
  /** `isClosed`: the sender's descriptor is gone, too. Only Unix sockets tell. */
  | { readonly kind: "End"; readonly at: number; readonly isClosed: boolean }
  /** Asks for an acknowledgement: whether there is room now, or whether anybody is there. */
  | { readonly kind: "Probe" }
  | { readonly kind: "Reset" }

/** A packet that has its place in the stream. */
export type Sequenced = Extract<Packet, { readonly at: number }>

/** A loopback device's segment: its MTU of 65,536 bytes less headers. */
export const segmentBytesMax = 65_483
/** An Ethernet's: 1,500 less the headers of IPv4 and TCP with timestamps. */
export const networkSegmentBytesMax = 1448

/** Puts a packet on its way. It gets there one latency later, after those sent before it. */
export const send = (host: Host, to: Endpoint | undefined, packet: Packet): void => {
  if (to === undefined) return
  const { site } = host
  if (site === undefined || to.family === "unix") {
    sendLoopback(host, to.lane, packet.kind, bytesOf(packet), () =>
      host.protocol.arrive(host, to, packet)
    )
  } else if (host.isUp) {
    site.network.carry(site, to.host.site, new Segment(to, packet), to.lane)
  }
}

const bytesOf = (packet: Packet): number => (packet.kind === "Data" ? packet.bytes.length : 0)

class Segment implements Parcel {
  readonly protocol = "tcp"
  // Segments are made to fit.
  readonly fragments = 1
  readonly order: Endpoint
  private readonly packet: Packet

  constructor(to: Endpoint, packet: Packet) {
    this.order = to
    this.packet = packet
  }

  get kind(): string {
    return this.packet.kind
  }

  get bytes(): number {
    return bytesOf(this.packet)
  }

  deliver(kernel: Host): void {
    kernel.protocol.arrive(kernel, this.order, this.packet)
  }

  lost(loss: Loss): void {
    const { order, packet } = this
    order.host.protocol.lost(order, packet, loss)
  }
}
