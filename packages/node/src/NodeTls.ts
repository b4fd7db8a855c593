/** The `TlsPort` over `node:tls`. */
import type { TlsPort, TurnPort } from "@portico/core/port/index"
import { NodeHandshake } from "./NodeHandshake.ts"
import * as NodeTlsContext from "./NodeTlsContext.ts"

export const make = (turn: TurnPort): TlsPort => ({
  makeContext: NodeTlsContext.make,
  wrap: (request, events) => new NodeHandshake(turn, request, events)
})
