/** What travels between two ends of a connection, and how it is put on its way. */
import type { Endpoint } from "./Endpoint.ts"
import type { Host } from "./Host.ts"

export type Packet =
  /** The answers to a SYN, and the answer to the first of them. */
  | { readonly kind: "Accepted" }
  | { readonly kind: "Refused" }
  | { readonly kind: "Confirmed" }
  | { readonly kind: "Data"; readonly bytes: Uint8Array }
  /** Everything before `acknowledged` arrived; the sender may go on up to `limit`. */
  | { readonly kind: "Ack"; readonly acknowledged: number; readonly limit: number }
  /** `isClosed`: the sender's descriptor is gone, too. Only Unix sockets tell. */
  | { readonly kind: "End"; readonly isClosed: boolean }
  | { readonly kind: "Reset" }

/** A loopback device's segment: its MTU of 65,536 bytes less headers. */
export const segmentBytesMax = 65_483

/** Puts a packet on its way. It gets there one latency later, after those sent before it. */
export const send = (host: Host, to: Endpoint | undefined, packet: Packet): void => {
  if (to === undefined) return
  host.timeline.after(host.options.latencyNanos, to.lane, () => host.arrive(host, to, packet))
}
