/**
 * What a backend provides for one listening socket (TCP or Unix). See `StreamPort` for the manner.
 */
import type { PortAddress } from "./PortAddress.ts"
import type { PortFailure } from "./PortFailure.ts"
import type { StreamPort, WouldBlock } from "./StreamPort.ts"

export interface ListenerPort {
  /** The bound address; its port is never 0. */
  readonly localAddress: PortAddress

  /** Names who is told. Called once; before it nothing is raised and connections queue. */
  attach(events: ListenerEvents): void

  /**
   * Takes the connection that has waited longest. Its `attach` must be called before returning to
   * the host. A failure is reported once and leaves the listener usable: core decides what it
   * means (back off on `ResourceExhausted`, fail on what it does not know).
   *
   * Where the host lets us leave connections in the kernel's backlog (capability `acceptPause`)
   * the port accepts only what is taken here. Elsewhere it holds at most `acceptQueueMax`
   * connections, unread, and resets those beyond.
   */
  tryAccept(): StreamPort | typeof WouldBlock | PortFailure
  readonly acceptable: boolean

  /** Stops listening and resets the connections that nobody took. `onClosed` as for a stream. */
  close(): void
  setRef(ref: boolean): void
}

export interface ListenerEvents {
  /** `tryAccept` may now give something. May be spurious. */
  onAcceptable(): void
  /** The descriptor is free, after `close`. Exactly once, and last. */
  onClosed(): void
}
