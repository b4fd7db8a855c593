/**
 * What a backend provides for datagram sockets. See `StreamPort` for the manner.
 *
 * A port keeps no queue of its own for what was received: core bounds it. What the host queues for
 * sending is the host's, and the port says when it is full.
 */
import type { InetPortAddress } from "./PortAddress.ts"
import type { PortFailure } from "./PortFailure.ts"
import type { Attempt } from "./TcpPort.ts"

export interface BindRequest {
  /** Never an IPv4-mapped literal. Port 0 lets the host choose. */
  readonly address: InetPortAddress
  readonly reuseAddress: boolean
  readonly reusePort: boolean
  /** For an IPv6 address: refuse IPv4. False is dual stack. */
  readonly ipv6Only: boolean
  /** SO_RCVBUF and SO_SNDBUF, in bytes; undefined is the host's default. */
  readonly kernelReceiveBytes: number | undefined
  readonly kernelSendBytes: number | undefined
}

/** Exactly one of the two is called, once, in a later callback, unless `cancel` came before. */
export interface BindEvents {
  onBound(socket: DatagramPort): void
  onFailed(failure: PortFailure): void
}

export interface UdpPort {
  bind(request: BindRequest, events: BindEvents): Attempt
}

/** One datagram to send: at most 65,507 bytes, 65,527 from an IPv6 socket to an IPv6 address. */
export interface OutgoingDatagram {
  readonly bytes: Uint8Array
  /**
   * Undefined exactly when the socket is connected. Of the socket's own family: a dual-stack
   * socket is given an IPv4 address as `::ffff:192.0.2.1`. Its port is 1–65535.
   */
  readonly to: InetPortAddress | undefined
}

export interface DatagramPort {
  /** The bound address; its port is never 0. */
  readonly localAddress: InetPortAddress

  /** Names who is told. Called once, before anything is raised. */
  attach(events: DatagramEvents): void

  /**
   * Hands datagrams to the host, in order, as one system call where it has one for several: how
   * many it took, 0 when it is full (then `onWritable` follows). A failure is that of the first
   * datagram not taken, which is then gone: `MessageTooLarge`, `ConnectionRefused` (connected
   * sockets only), `HostUnreachable`, `PermissionDenied`. The bytes are the caller's again when
   * the call returns, unless `lends`.
   */
  trySend(batch: ReadonlyArray<OutgoingDatagram>): number | PortFailure
  /** The host may still read the bytes of taken datagrams after `trySend` returned. */
  readonly lends: boolean

  /**
   * Fixes the peer (an address like `to`), or another one: only its datagrams are received, and
   * `to` is left out. Datagrams that the kernel holds from before stay. Undefined lets it go, which
   * core asks of connected sockets only. The bound address stays: Linux forgets a port that it
   * chose itself (bind to port 0, connect(2) to AF_UNSPEC), and then the port binds it again.
   */
  connect(peer: InetPortAddress | undefined): void | PortFailure
  setBroadcast(enabled: boolean): void | PortFailure
  /** 1–255. */
  setTtl(hops: number): void | PortFailure
  /** 0–255. */
  setMulticastTtl(hops: number): void | PortFailure
  setMulticastLoop(enabled: boolean): void | PortFailure
  /** The local address (IPv4) or scope (IPv6) that multicast leaves by. */
  setMulticastInterface(address: string): void | PortFailure
  /** Core asks for none twice, and lets none go that is not joined. */
  join(membership: Membership): void | PortFailure
  leave(membership: Membership): void | PortFailure
  /** What the kernel granted, in bytes; undefined where the host does not say. */
  readonly kernelReceiveBytes: number | undefined
  readonly kernelSendBytes: number | undefined

  /** Stops; what the kernel has not sent may be lost. `onClosed` as for a stream. */
  close(): void
  setRef(isRef: boolean): void
}

export interface Membership {
  /** A multicast address literal. */
  readonly group: string
  /** The interface to join on, by its address; undefined is the host's choice. */
  readonly interface: string | undefined
  /** Only what this source sends (SSM); undefined is any. */
  readonly source: string | undefined
}

export interface DatagramEvents {
  /**
   * A datagram came. The bytes are the callee's to keep, in memory of their own size. `truncated`
   * where it was longer than what the host read, and the host says so.
   */
  onDatagram(bytes: Uint8Array, from: InetPortAddress, truncated: boolean): void
  /** `trySend` may take more. May be spurious. */
  onWritable(): void
  /**
   * The network answered that something sent before cannot be delivered (ICMP). Costs nothing
   * else: no datagram to another peer is lost by it, and what `trySend` failed with is not told
   * here as well.
   */
  onRefused(failure: PortFailure): void
  /** The descriptor is free, after `close`. Exactly once, and last. */
  onClosed(): void
}
