/**
 * One UDP socket (RFC 768). Boundaries are kept: a send is one datagram, a receive is one datagram;
 * an empty one is a datagram, too.
 *
 * UDP drops: on the wire, in the kernel's buffer, and in this socket's receive queue, which is
 * bounded; only the last is counted here, exactly.
 *
 * Every effect fails with `IoError`: `Closed` once `close` was asked for, and what its own doc
 * comment names. No failure but `Closed` ends the socket.
 */
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type { InetAddress, InetInput } from "./Address.ts"
import type { Handle } from "./Handle.ts"
import type { IoError } from "./IoError.ts"
import type { GroupOptions } from "./UdpOptions.ts"

export interface Datagram {
  /** Yours to keep. */
  readonly bytes: Uint8Array
  readonly from: InetAddress
  /** The sender as `send` takes it: with the zone of a link-local one, and cheaper than `from`. */
  readonly replyTo: InetInput
  /** It was longer than `BindOptions.datagramBytesMax`, or than what the host read. */
  readonly isTruncated: boolean
}

export interface OutgoingDatagram {
  readonly bytes: Uint8Array
  /** An IP literal and a port. Left out on a connected socket. */
  readonly to?: InetInput | undefined
}

/** All that came is received, dropped, or queued; what is queued at close is forgotten. */
export interface UdpCounters {
  /** Handed to a fiber. */
  readonly datagramsReceived: number
  /** Taken by the host. */
  readonly datagramsSent: number
  /** Came while the receive queue was full, and were dropped by its policy. */
  readonly datagramsDropped: number
  /** Payload of those. */
  readonly bytesDropped: number
  /** Stand in the receive queue now. */
  readonly datagramsQueued: number
  /** ICMP answers to something sent before, as far as the host tells. */
  readonly refusals: number
}

export interface UdpSocket extends Handle {
  readonly kind: "UdpSocket"
  /** As it was bound, with its real port. Known for ever, also after close. */
  readonly address: InetAddress
  /** The fixed peer, after `connect`. */
  readonly peer: Option.Option<InetAddress>
  /** Exact. */
  readonly datagrams: UdpCounters

  /**
   * The next datagram; waits for one. Any number of fibers may wait; they are served in the order
   * in which they came. Interrupted, it takes none.
   *
   * On a connected socket it fails with `ConnectionRefused` (or what else ICMP says) when an answer
   * came to something sent before. An answer is told once, to a `receive` that waits or else to the
   * next operation that sends or receives; those that come before it was told are one. It goes
   * before what is queued, as in recv(2). An unconnected socket only counts it (`refusals`).
   */
  readonly receive: Effect.Effect<Datagram, IoError>
  /**
   * At least one, at most `countMax` (1–1,024, else `InvalidArgument`) of what is there; waits for
   * the first only.
   */
  readonly receiveBatch: (
    countMax: number
  ) => Effect.Effect<readonly [Datagram, ...ReadonlyArray<Datagram>], IoError>
  /** The next datagram if one is there that no fiber waits for. Never waits. */
  readonly tryReceive: Effect.Effect<Option.Option<Datagram>, IoError>

  /**
   * Sends one datagram: succeeds when the host took it, which is no promise that it arrives. Waits
   * while the host is full, behind those that wait already. The bytes may be reused afterwards.
   *
   * `to` needs an IP literal of the socket's family (IPv4, too, on `::` without `ipv6Only`) and a
   * port from 1. Fails with `InvalidArgument` for others, without `to` on an unconnected socket,
   * and with it on a connected one; with `MessageTooLarge` beyond 65,507 bytes (IPv6: 65,527) or
   * what the path takes; with `HostUnreachable`, `PermissionDenied` (broadcast), and on a
   * connected socket with what ICMP answered before (see `receive`). Whatever it fails with, it
   * sent nothing. Interrupted while it waits, nothing was sent.
   */
  readonly send: (bytes: Uint8Array, to?: InetInput) => Effect.Effect<void, IoError>
  /**
   * Sends at most 1,024 datagrams (else `InvalidArgument`) in order, with as few system calls as
   * the host can. All were taken when it succeeds. When one fails, `IoError.index` says which:
   * those before it were sent, those after it were not. Arguments are checked before anything is
   * sent. Interrupted while it waits, it sends no more.
   */
  readonly sendBatch: (batch: ReadonlyArray<OutgoingDatagram>) => Effect.Effect<void, IoError>
  /**
   * How many of `batch` (at most 1,024) the host took at once, from the first on: 0 when it is
   * full or when others wait to send. Never waits. Fails when the first of them fails.
   */
  readonly trySendBatch: (batch: ReadonlyArray<OutgoingDatagram>) => Effect.Effect<number, IoError>

  /** Waits until `tryReceive` has something to say. Any number of fibers may. */
  readonly awaitReadable: Effect.Effect<void, IoError>
  /** Waits until `trySendBatch` may take something. Any number of fibers may. */
  readonly awaitWritable: Effect.Effect<void, IoError>

  /**
   * Fixes the peer (a literal and a port from 1), or another one: others' datagrams do not come any
   * more, sends need no address. What came before stays to be received. Fails with `Busy` while
   * sends wait, with `HostUnreachable`. Capability `udpConnect`.
   */
  readonly connect: (peer: InetInput) => Effect.Effect<void, IoError>
  /** Lets the peer go. A no-op when there is none. Fails with `Busy` while sends wait. */
  readonly disconnect: Effect.Effect<void, IoError>

  /** SO_BROADCAST. */
  readonly setBroadcast: (enabled: boolean) => Effect.Effect<void, IoError>
  /** Hops of unicast datagrams, 1–255. */
  readonly setTtl: (hops: number) => Effect.Effect<void, IoError>
  /** Hops of multicast datagrams, 0–255. */
  readonly setMulticastTtl: (hops: number) => Effect.Effect<void, IoError>
  /** Whether this host receives its own multicast. (By the loopback interface it always does.) */
  readonly setMulticastLoop: (enabled: boolean) => Effect.Effect<void, IoError>
  /** The interface that multicast leaves by, named by its address. */
  readonly setMulticastInterface: (address: string) => Effect.Effect<void, IoError>
  /**
   * Joins a group until `leave` or close. One group on one interface is joined for any source, or
   * for one or more sources. Fails with `AddressInUse` when it is joined already, for that source
   * or in the other way; with `AddressNotAvailable` when there is no such interface; with
   * `ResourceExhausted` beyond the host's limit.
   */
  readonly join: (group: GroupOptions) => Effect.Effect<void, IoError>
  /** Takes what `join` took. Fails with `AddressNotAvailable` when that is not joined. */
  readonly leave: (group: GroupOptions) => Effect.Effect<void, IoError>

  /** SO_RCVBUF as granted, in bytes. Capability `kernelBufferBytes`. */
  readonly kernelReceiveBytes: Effect.Effect<number, IoError>
  /** SO_SNDBUF as granted, in bytes. Capability `kernelBufferBytes`. */
  readonly kernelSendBytes: Effect.Effect<number, IoError>

  /**
   * Gives the descriptor back: wakes all waiters with `Closed`, forgets what is queued. Succeeds
   * when the descriptor is free, so that the port can be bound again. Never fails;
   * uninterruptible; a second call waits for the first.
   */
  readonly close: Effect.Effect<void>
}
