/**
 * One UDP socket (RFC 768). Boundaries are kept: a send is one datagram, a receive is one datagram;
 * an empty one is a datagram, too.
 *
 * UDP drops: on the wire, in the kernel's buffer, and in this socket's receive queue, which is
 * bounded; only the last is counted here, exactly.
 */
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type { Address, InetInput } from "./Address.ts"
import type { Handle } from "./Handle.ts"
import type { IoError } from "./IoError.ts"
import type { GroupOptions } from "./UdpOptions.ts"

export interface Datagram {
  /** Yours to keep. */
  readonly bytes: Uint8Array
  readonly from: Address
  /** It was longer than what the host read; the rest is lost. Capability `datagramTruncation`. */
  readonly isTruncated: boolean
}

export interface OutgoingDatagram {
  readonly bytes: Uint8Array
  /** An IP literal and a port. Left out on a connected socket. */
  readonly to?: InetInput | undefined
}

export interface UdpCounters {
  readonly datagramsReceived: number
  readonly datagramsSent: number
  /** Came while the receive queue was full, and were dropped by its policy. */
  readonly datagramsDropped: number
  readonly bytesDropped: number
  /** Stand in the receive queue now. */
  readonly datagramsQueued: number
  /** ICMP answers to something sent before. */
  readonly refusals: number
}

export interface UdpSocket extends Handle {
  readonly kind: "UdpSocket"
  readonly address: Address
  /** The fixed peer, after `connect`. */
  readonly peer: Option.Option<Address>
  /** Exact. */
  readonly datagrams: UdpCounters

  /**
   * The next datagram; waits for one. Any number of fibers may wait; they are served in the order
   * in which they came. On a connected socket fails with `ConnectionRefused` once for each ICMP
   * answer, and goes on working; an unconnected one counts it (`refusals`). Fails with `Closed`.
   * Interrupted, it takes nothing.
   */
  readonly receive: Effect.Effect<Datagram, IoError>
  /** At least one, at most `countMax` (1–1,024) of what is there; waits for the first only. */
  readonly receiveBatch: (
    countMax: number
  ) => Effect.Effect<readonly [Datagram, ...ReadonlyArray<Datagram>], IoError>
  /** The next datagram if one is there. Never waits. */
  readonly tryReceive: Effect.Effect<Option.Option<Datagram>, IoError>

  /**
   * Sends one datagram: succeeds when the host took it, which is no promise that it arrives. Waits
   * while the host is full. The bytes may be reused afterwards.
   *
   * Fails with `InvalidArgument` (no address on an unconnected socket, one on a connected socket,
   * a name instead of a literal, port 0), `MessageTooLarge`, `HostUnreachable`,
   * `PermissionDenied` (broadcast), `ConnectionRefused` (connected, once for each ICMP answer),
   * `Closed`. Interrupted while it waits, nothing was sent.
   */
  readonly send: (bytes: Uint8Array, to?: InetInput) => Effect.Effect<void, IoError>
  /**
   * Sends at most 1,024 datagrams in order, as one system call where the host can. All were taken
   * when it succeeds. A failure carries none of the others away: it names the first that failed by
   * `index` in its message, those before it were sent, those after it were not.
   */
  readonly sendBatch: (batch: ReadonlyArray<OutgoingDatagram>) => Effect.Effect<void, IoError>
  /** How many of `batch` the host took at once, from the first on. Never waits. */
  readonly trySendBatch: (batch: ReadonlyArray<OutgoingDatagram>) => Effect.Effect<number, IoError>

  /** Fixes the peer: others' datagrams are not received any more, sends need no address. */
  readonly connect: (peer: InetInput) => Effect.Effect<void, IoError>
  /** Lets the peer go. A no-op when there is none. */
  readonly disconnect: Effect.Effect<void, IoError>

  /** SO_BROADCAST. */
  readonly setBroadcast: (enabled: boolean) => Effect.Effect<void, IoError>
  /** Hops of unicast datagrams, 1–255. */
  readonly setTtl: (hops: number) => Effect.Effect<void, IoError>
  /** Hops of multicast datagrams, 0–255. */
  readonly setMulticastTtl: (hops: number) => Effect.Effect<void, IoError>
  /** Whether this host receives its own multicast. */
  readonly setMulticastLoop: (enabled: boolean) => Effect.Effect<void, IoError>
  /** The interface that multicast leaves by, named by its address. */
  readonly setMulticastInterface: (address: string) => Effect.Effect<void, IoError>
  /** Joins a group until `leave` or close. Fails with `AddressInUse` when it is joined already. */
  readonly join: (group: GroupOptions) => Effect.Effect<void, IoError>
  /** Fails with `AddressNotAvailable` when it is not joined. */
  readonly leave: (group: GroupOptions) => Effect.Effect<void, IoError>

  /** SO_RCVBUF as granted, in bytes. Capability `kernelBufferBytes`. */
  readonly kernelReceiveBytes: Effect.Effect<number, IoError>
  /** SO_SNDBUF as granted, in bytes. Capability `kernelBufferBytes`. */
  readonly kernelSendBytes: Effect.Effect<number, IoError>

  /** Wakes all waiters with `Closed`; done when the descriptor is free (UDP-12). Idempotent. */
  readonly close: Effect.Effect<void>
}
