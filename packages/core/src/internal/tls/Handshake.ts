/**
 * A handshake under way: it stands for the stream that it took over, until one of two things is
 * made of that: a TLS stream, or a closed stream.
 */
import * as Effect from "effect/Effect"
import { PortFailure } from "../../port/PortFailure.ts"
import type { Attempt } from "../../port/TcpPort.ts"
import type { TlsStreamPort, TlsWrapRequest } from "../../port/TlsPort.ts"
import { Reason } from "../../Reason.ts"
import type { StreamHandle, Successor } from "../stream/StreamHandle.ts"

/** What a handshake is asked for, the stream aside. */
export type HandshakeRequest = Omit<TlsWrapRequest, "transport" | "unread">

export class Handshake implements Successor, Attempt {
  private readonly stream: StreamHandle
  private wrapping: Attempt | undefined
  private fail: ((failure: PortFailure) => void) | undefined
  private isOver = false
  private readonly transport: ReturnType<StreamHandle["takeOver"]>

  /** Takes `stream` over, which must not refuse it. */
  constructor(stream: StreamHandle) {
    this.stream = stream
    this.transport = stream.takeOver(this)
  }

  start(
    request: HandshakeRequest,
    onSecure: (port: TlsStreamPort) => void,
    onFailed: (failure: PortFailure) => void
  ): Attempt {
    const { port: transport, unread } = this.transport
    const { tls, turn } = this.stream.table.ports
    // Closed by another fiber since it was taken over.
    if (this.isOver) {
      turn.later(() => onFailed(new PortFailure(Reason.Closed())))
      return this
    }
    this.fail = onFailed
    this.wrapping = tls!.wrap(
      { ...request, transport, unread },
      {
        onSecure: (port) => {
          this.isOver = true
          onSecure(port)
        },
        onFailed: (failure) => {
          this.end()
          onFailed(failure)
        }
      }
    )
    return this
  }

  cancel(): void {
    if (this.isOver) return
    this.wrapping?.cancel()
    this.end()
  }

  private end(): void {
    this.isOver = true
    this.stream.giveBack()
  }

  // Who closes the stream meanwhile ends the handshake with it.
  private get closed(): Effect.Effect<void> {
    return Effect.sync(() => {
      if (this.isOver) return
      this.cancel()
      this.fail?.(new PortFailure(Reason.Closed()))
    })
  }

  get close(): Effect.Effect<void> {
    return Effect.andThen(
      this.closed,
      Effect.suspend(() => this.stream.close)
    )
  }

  get terminate(): Effect.Effect<void> {
    return Effect.andThen(
      this.closed,
      Effect.suspend(() => this.stream.terminate)
    )
  }
}
