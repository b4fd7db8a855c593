/** The `TlsPort` over `node:tls`. */
import type { TlsPort, TurnPort } from "@portico/core/port/index"
import { type MakeStream, NodeHandshake } from "./NodeHandshake.ts"
import { NodeSlabs } from "../tcp/NodeSlabs.ts"
import * as NodeTlsContext from "./NodeTlsContext.ts"
import { NodeTlsStream } from "./NodeTlsStream.ts"

export const make = (turn: TurnPort): TlsPort => {
  let slabs: NodeSlabs | undefined
  // A program without TLS has no slab for it.
  const makeStream: MakeStream = (ofTurn, socket, carrier, request) =>
    new NodeTlsStream(ofTurn, socket, carrier, request, (slabs ??= new NodeSlabs()))
  return {
    makeContext: NodeTlsContext.make,
    wrap: (request, events) => new NodeHandshake(turn, request, events, makeStream)
  }
}
