/**
 * The `TlsPort` on Bun. A socket of Bun's own is upgraded in place; any other transport, such as
 * another TLS stream, goes through Bun's `node:tls`.
 */
import type { TlsPort, TurnPort } from "@portico/core/port/index"
import * as NodeTlsContext from "@portico/node/NodeTlsContext"
import * as BunCarriedTls from "./BunCarriedTls.ts"
import { BunHandshake } from "./BunHandshake.ts"
import { BunStream } from "./BunStream.ts"
import { BunTlsStream } from "./BunTlsStream.ts"

/** As long as core's default grace. */
const defaultLingerMillis = 1_000

/** `lingerMillis` is how long a closed stream may keep its descriptor for what is not yet sent. */
export const make = (turn: TurnPort, lingerMillis = defaultLingerMillis): TlsPort => ({
  makeContext: NodeTlsContext.make,
  wrap: (request, events) => {
    const { transport } = request
    return transport instanceof BunStream && !(transport instanceof BunTlsStream)
      ? new BunHandshake(turn, transport, request, events, lingerMillis)
      : BunCarriedTls.wrap(turn, request, events)
  }
})
