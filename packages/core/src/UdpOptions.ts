/** The options of `Udp.bind`, with their bounds and defaults. */
import type { InetInput } from "./Address.ts"

/** What happens to a datagram that comes while the receive queue is full. */
export type Overflow = "dropNewest" | "dropOldest"

/** `host` is an IPv4 or IPv6 literal: `localhost` would be two sockets. */
export type BindOptions = InetInput & {
  /**
   * Bytes of datagrams held for `receive`, each counted with 384 bytes beside its payload (what it
   * costs in memory), 1,024 to 1 GiB. Default 1 MiB. An empty queue takes one datagram of any
   * length, as the kernel's does, and what a fiber waits for is never dropped.
   */
  readonly receiveQueueBytes?: number | undefined
  /** Default `dropNewest`: what came first is served first. */
  readonly overflow?: Overflow | undefined
  /**
   * Longer datagrams are cut to this many bytes when they come, and say so (`isTruncated`), 1 to
   * 65,535, the default: none is longer.
   */
  readonly datagramBytesMax?: number | undefined
  /** SO_REUSEADDR: several sockets may have one multicast port. Default false. */
  readonly reuseAddress?: boolean | undefined
  /** SO_REUSEPORT: sockets share one port's datagrams. Default false. Capability `reusePort`. */
  readonly reusePort?: boolean | undefined
  /** For an IPv6 host: refuse IPv4. Default false. Capability `ipv6Only`. */
  readonly ipv6Only?: boolean | undefined
  /**
   * SO_RCVBUF, 256 to 1 GiB; the kernel may grant less, or twice that. Default: the host's.
   * Capability `kernelBufferBytes`.
   */
  readonly kernelReceiveBytes?: number | undefined
  /** SO_SNDBUF, likewise. Capability `kernelBufferBytes`. */
  readonly kernelSendBytes?: number | undefined
  /** SO_BROADCAST. Default false: a send to a broadcast address is `PermissionDenied`. */
  readonly broadcast?: boolean | undefined
}

export interface GroupOptions {
  /** A multicast address literal, of the socket's family. */
  readonly group: string
  /** The interface to join on, by its address. Default: the host's choice. */
  readonly interface?: string | undefined
  /** Only what this source sends (RFC 4607). Default: any source. Capability `multicastSource`. */
  readonly source?: string | undefined
}
