/**
 * A `TlsStreamPort` over a transport that is no socket of Bun's, by Bun's `node:tls`.
 *
 * Its engine knows no half-close: it answers the peer's close_notify with its own and is closed,
 * though the socket of `node:tls` goes on taking bytes that nobody ever gets (Bun 1.4.5). So here
 * the end of reading is that of writing.
 */
import { brokenPipe } from "@portico/node/NodeErrno"
import { type MakeStream, NodeHandshake } from "@portico/node/tls/NodeHandshake"
import { NodeTlsStream } from "@portico/node/tls/NodeTlsStream"
import type { TlsWrapEvents, TlsWrapRequest, TurnPort } from "@portico/core/port/index"

export class BunCarriedTls extends NodeTlsStream {
  protected override onEnd(): void {
    this.writingOver ??= brokenPipe()
    super.onEnd()
  }
}

const makeStream: MakeStream = (...args) => new BunCarriedTls(...args)

export const wrap = (turn: TurnPort, request: TlsWrapRequest, events: TlsWrapEvents) =>
  new NodeHandshake(turn, request, events, makeStream)
