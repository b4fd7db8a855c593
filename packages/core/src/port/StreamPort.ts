/**
 * What a backend provides for one connected stream socket (TCP or Unix).
 *
 * Effect-free, synchronous, driven by callbacks. Core owns every promise made to users; a port
 * moves bytes and reports edges. A port never throws: what the host says comes back as a
 * `PortFailure`, and an event handler that throws is core's defect, not the port's concern.
 */
import type { PortAddress } from "./PortAddress.ts"
import type { PortFailure } from "./PortFailure.ts"

/** Nothing now; `onReadable` will follow. */
export const WouldBlock = "WouldBlock"
/** The peer has shut down its sending side, and every byte before that was taken. Sticky. */
export const End = "End"

export type ReadOutcome = Uint8Array | typeof WouldBlock | typeof End | PortFailure

export interface KeepAlive {
  readonly enabled: boolean
  /** Idle milliseconds before the first probe; whole seconds are what hosts honour. */
  readonly initialDelayMillis: number
}

export interface StreamPort {
  /** Literals, read when asked; undefined where the host does not know (an unnamed Unix peer). */
  readonly localAddress: PortAddress | undefined
  readonly peerAddress: PortAddress | undefined

  /**
   * Names who is told. Called once, before the port raises any event, in the callback that
   * delivered the port. From then on the port reads ahead: at most ONE chunk of at most 512 KiB
   * is held, then reading pauses until `tryRead` took it, so that the kernel pushes back on the
   * peer. Where a pause costs, a port may leave it until one more has come behind less than 16 KiB.
   *
   * Called again by a `TlsPort` that takes the stream over, and by core when it gets it back: from
   * then on only the newest is told. Nothing is raised for what is there already; who attaches
   * looks.
   */
  attach(events: StreamEvents): void

  /** True when `tryRead` would not answer `WouldBlock`. */
  readonly readable: boolean
  /**
   * Bytes that `tryRead` would give now (0 when it would answer anything else). Core looks here
   * before it takes, so that no interruption can fall between taking bytes and handing them over,
   * and at close: bytes nobody read make it a reset.
   */
  readonly bytesUnread: number

  /**
   * Takes up to `bytesMax` (>= 1) bytes; never empty. With `keep`, the bytes are the caller's for
   * ever and the port will not touch them again. Without it they are borrowed: valid until the
   * next `tryRead`, `close` or `reset` on this port, and the port avoids allocating for them.
   * Once it has answered `End` or a failure it answers the same always. A reset by the peer still
   * hands over bytes that were already held, then fails.
   */
  tryRead(bytesMax: number, keep: boolean): ReadOutcome

  /**
   * Offers bytes (length >= 1); answers how many were taken, 0 when none could be. Fewer than
   * offered means that `onWritable` will follow. If `lent` is true afterwards, the host is still
   * reading the memory of the taken bytes: core neither touches it nor calls `tryWrite` again
   * until `onWritable`. After a failure it fails always.
   */
  tryWrite(bytes: Uint8Array): number | PortFailure
  readonly lent: boolean

  /** True when `tryWrite` may take something: connected, not lent, not full, not failed. */
  readonly writable: boolean

  /**
   * Shuts down the sending side (FIN) after all taken bytes. Core calls it once, never while
   * `lent`, and offers no bytes afterwards. ENOTCONN after a reset is not a failure.
   */
  shutdown(): void | PortFailure

  /**
   * Gives the descriptor back: FIN, or RST where the kernel holds unread input. `onClosed` follows
   * exactly once, in a LATER callback, when the descriptor is free; no other event comes after
   * this call. Idempotent.
   */
  close(): void
  /** As `close`, but with RST (SO_LINGER 0): the peer sees a reset, unsent bytes are dropped. */
  reset(): void

  setNoDelay(enabled: boolean): void | PortFailure
  setKeepAlive(keepAlive: KeepAlive): void | PortFailure
  /** Whether this socket keeps the host's loop, and so the process, alive. True at first. */
  setRef(ref: boolean): void
}

/**
 * What core is told, always from the host's loop and never from inside a call into the port.
 * A port brackets every event with `turn.enter()` and `turn.leave()` (see `TurnPort`).
 */
export interface StreamEvents {
  /** `tryRead` may now give something else than `WouldBlock`. May be spurious. */
  onReadable(): void
  /** `tryWrite` may now take more, or `lent` has ended, or writing failed. May be spurious. */
  onWritable(): void
  /** The descriptor is free, after `close` or `reset`. Exactly once, and last. */
  onClosed(): void
}
