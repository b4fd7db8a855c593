/** The options of `Udp.bind`, with their bounds and defaults. */
import type { InetInput } from "./Address.ts"

/** What happens to a datagram that comes while the receive queue is full. */
export type Overflow = "dropNewest" | "dropOldest"

export type BindOptions = InetInput & {
  /**
   * Bytes of datagrams held for `receive`, each counted with 64 bytes beside its payload, 1,024 to
   * 1 GiB. Default 1 MiB.
   */
  readonly receiveQueueBytes?: number | undefined
  /** Default `dropNewest`: what came first is served first. */
  readonly overflow?: Overflow | undefined
  /** SO_REUSEADDR: several sockets may have one multicast port. Default false. */
  readonly reuseAddress?: boolean | undefined
  /** SO_REUSEPORT: several sockets share one port's datagrams. Default false. */
  readonly reusePort?: boolean | undefined
  /** For an IPv6 host: refuse IPv4. Default false. Capability `ipv6Only`. */
  readonly ipv6Only?: boolean | undefined
  /** SO_RCVBUF, 256 to 1 GiB; the kernel may grant less. Default: the host's. */
  readonly kernelReceiveBytes?: number | undefined
  /** SO_SNDBUF, 256 to 1 GiB; the kernel may grant less. Default: the host's. */
  readonly kernelSendBytes?: number | undefined
  /** SO_BROADCAST. Default false: a send to a broadcast address is `PermissionDenied`. */
  readonly broadcast?: boolean | undefined
}

export interface GroupOptions {
  /** A multicast address literal. */
  readonly group: string
  /** The interface to join on, by its address. Default: the host's choice. */
  readonly interface?: string | undefined
  /** Only what this source sends (RFC 4607). Default: any source. Capability `multicastSource`. */
  readonly source?: string | undefined
}
