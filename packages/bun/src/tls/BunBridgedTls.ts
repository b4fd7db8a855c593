/**
 * TLS over a transport that is no socket of Bun's, such as another TLS stream: Bun upgrades one end
 * of a socket pair, and a bridge carries the bytes.
 *
 * Bun's `node:tls` over a `Duplex` would be shorter. But its engine (Bun 1.4.5) answers the peer's
 * close_notify with its own and is closed, so that there is no half-close, and it takes whatever is
 * written, however much waits below.
 */
import {
  type Attempt,
  type KeepAlive,
  type PortAddress,
  PortFailure,
  raise,
  type TlsStreamPort,
  type TlsWrapEvents,
  type TlsWrapRequest,
  type TurnPort
} from "@portico/core/port/index"
import { BunBridge } from "./BunBridge.ts"
import { BunHandshake } from "./BunHandshake.ts"
import * as BunSocketPair from "./BunSocketPair.ts"
import type { BunStream } from "../tcp/BunStream.ts"
import { BunTlsStream, type StreamParts } from "./BunTlsStream.ts"

export class BunBridgedTls extends BunTlsStream {
  private readonly bridge: BunBridge
  private isReset = false

  constructor(parts: StreamParts, bridge: BunBridge) {
    super(parts)
    this.bridge = bridge
  }

  override get localAddress(): PortAddress | undefined {
    return this.bridge.transport.localAddress
  }

  override get peerAddress(): PortAddress | undefined {
    return this.bridge.transport.peerAddress
  }

  override setNoDelay(enabled: boolean): void | PortFailure {
    return this.bridge.transport.setNoDelay(enabled)
  }

  override setKeepAlive(keepAlive: KeepAlive): void | PortFailure {
    return this.bridge.transport.setKeepAlive(keepAlive)
  }

  override setRef(ref: boolean): void {
    this.bridge.transport.setRef(ref)
  }

  protected override whenRoom(then: () => void): void {
    this.bridge.whenEmptied(then)
  }

  override reset(): void {
    this.isReset = true
    super.reset()
  }

  override onClose(error: Error | undefined): void {
    this.writingOver ??= this.bridge.failure
    if (!this.closing) this.readingOver ??= this.bridge.failure
    super.onClose(error)
  }

  protected override get cutOff(): PortFailure {
    return this.bridge.failure ?? super.cutOff
  }

  // What was encrypted is in the pair by now, and has still to leave.
  protected override reportClosed(): void {
    const done = () => super.reportClosed()
    if (this.isReset) this.bridge.reset(done)
    else this.bridge.close(this.lingerMillis, done)
  }
}

/** A handshake at one end of a pair. */
class BridgedHandshake implements Attempt, TlsWrapEvents {
  private readonly events: TlsWrapEvents
  private readonly inner: BunStream
  private readonly bridge: BunBridge
  private readonly handshake: BunHandshake

  constructor(
    turn: TurnPort,
    request: TlsWrapRequest,
    events: TlsWrapEvents,
    [inner, end]: readonly [BunStream, BunStream],
    lingerMillis: number
  ) {
    this.events = events
    this.inner = inner
    const bridge = (this.bridge = new BunBridge(turn, request.transport, end))
    const makeStream = (parts: StreamParts) => new BunBridgedTls(parts, bridge)
    bridge.start()
    this.handshake = new BunHandshake(turn, inner, request, this, lingerMillis, makeStream)
  }

  onSecure(stream: TlsStreamPort): void {
    this.events.onSecure(stream)
  }

  // An alert may still be on its way.
  onFailed(failure: PortFailure): void {
    const { bridge, events, inner } = this
    inner.close()
    bridge.finish(() => {
      const isEnded = failure.reason._tag === "HandshakeEnded"
      const reason = isEnded ? (bridge.failure ?? failure) : failure
      bridge.abandon()
      events.onFailed(reason)
    })
  }

  cancel(): void {
    this.handshake.cancel()
    this.inner.close()
    this.bridge.abandon()
  }
}

class Unopened implements Attempt {
  private isCancelled = false
  constructor(turn: TurnPort, failure: PortFailure, events: TlsWrapEvents) {
    turn.later(() => {
      if (this.isCancelled) return
      raise(turn, () => events.onFailed(failure))
    })
  }
  cancel(): void {
    this.isCancelled = true
  }
}

export const wrap = (
  turn: TurnPort,
  request: TlsWrapRequest,
  events: TlsWrapEvents,
  lingerMillis: number
): Attempt => {
  const pair = BunSocketPair.open(turn)
  return pair instanceof PortFailure
    ? new Unopened(turn, pair, events)
    : new BridgedHandshake(turn, request, events, pair, lingerMillis)
}
