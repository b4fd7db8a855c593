/**
 * One end of a connection, TCP or Unix: what the kernel knows of it. Moved by `Handshake`,
 * `Transfer` and `Teardown`.
 *
 * Bytes are counted as TCP does, from 0 and with the FIN as one: `limit` is how far the peer allows
 * us to send, so flow control is in bytes and a window may shrink to nothing.
 */
import type { PortAddress } from "@portico/core/port/index"
import type { Event } from "../loop/EventQueue.ts"
import { type Strand, StrandKind } from "../loop/Strand.ts"
import { ByteQueue } from "./ByteQueue.ts"
import type { Errno } from "./Errno.ts"
import type { Host, Watcher } from "./Host.ts"
import type { Listener } from "./Listener.ts"
import type { Sequenced } from "./Wire.ts"

export type Phase =
  /** The SYN is on its way, or waits for room in a backlog. */
  | "connecting"
  | "established"
  /** Connecting failed, or a RST came: `error` says which. */
  | "failed"
  /** No longer known to the kernel. What still arrives is dropped: a RST or both ends preceded. */
  | "gone"

export class Endpoint {
  readonly id: number
  readonly host: Host
  readonly family: "inet" | "unix"
  readonly local: PortAddress | undefined
  readonly remote: PortAddress | undefined
  /** What is on its way to this end, in order. */
  readonly lane: Strand
  peer: Endpoint | undefined = undefined
  /** Where it will wait to be accepted, until the handshake is over. */
  handshakeFor: Listener | undefined = undefined
  watcher: Watcher | undefined = undefined

  phase: Phase = "connecting"
  /** Why it failed. */
  error: Errno | undefined = undefined
  /** Whether a call was told of `error`; calls after it fail with EPIPE. */
  errorTold = false
  /** Whether the program holds it open. False before accept and after close. */
  hasDescriptor = false
  /** The program closed it; the kernel still delivers what was written. */
  isOrphan = false
  /** The ephemeral or bound port that it holds, which no other connect may use. */
  portHeld: number | undefined = undefined

  readonly unsent = new ByteQueue()
  sent = 0
  acknowledged = 0
  limit: number
  /** A write found no room, so room has to be told. */
  writeBlocked = false
  endWanted = false
  endSent = false
  /** Unix: the peer's descriptor is gone, which its kernel tells at once. */
  peerGone = false

  readonly unread = new ByteQueue()
  received = 0
  taken = 0
  advertised: number
  endReceived = false

  /** What the peer has not acknowledged. Undefined where nothing is ever lost. */
  readonly flight: Array<Sequenced> | undefined = undefined
  /** What came before something that precedes it. */
  early: Array<Sequenced> = []
  /** The one timer that TCP has for it: which depends on its phase. */
  timer: Event | undefined = undefined
  /** How often that has fired since the peer was last heard of. */
  retries = 0
  /** Acknowledgements in a row that said nothing new. */
  duplicates = 0
  /** What ICMP said; told only when the connection is given up (RFC 1122 §4.2.3.9). */
  softError: Errno | undefined = undefined
  /** See `setKeepAlive`. */
  keepAliveNanos: number | undefined = undefined
  keepAliveTimer: Event | undefined = undefined
  /** That were sent since the peer was last heard of. */
  probes = 0
  /** When the last packet arrived. */
  heardAt = 0
  /** When the last packet on its way to this end arrives. */
  lastArrival = 0
  /** The end was sent before the peer's came. */
  endedFirst = false
  /** Until then the kernel answers for it although the connection is over (TIME_WAIT). */
  lingersUntil = 0

  constructor(
    host: Host,
    family: "inet" | "unix",
    local: PortAddress | undefined,
    remote: PortAddress | undefined
  ) {
    this.id = host.nextSocket()
    this.host = host
    if (host.site !== undefined && family === "inet") this.flight = []
    this.family = family
    this.local = local
    this.remote = remote
    this.lane = host.timeline.strand(StrandKind.packet)
    this.limit = host.options.receiveBufferBytes
    this.advertised = host.options.receiveBufferBytes
  }
}

/** Bytes that may be written now. */
export const roomToWrite = (host: Host, end: Endpoint): number =>
  host.options.sendBufferBytes - end.unsent.bytes - (end.sent - end.acknowledged)

/** True when a read would not have to wait. */
export const isReadable = (end: Endpoint): boolean =>
  end.unread.bytes > 0 || end.endReceived || end.phase === "failed"

/** True when a write would take something. */
export const isWritable = (host: Host, end: Endpoint): boolean =>
  end.phase === "established" && !end.peerGone && !end.endWanted && roomToWrite(host, end) > 0
