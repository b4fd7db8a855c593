/**
 * The `TlsPort` on Bun. A socket of Bun's own is upgraded in place; for any other transport, such
 * as another TLS stream, one end of a socket pair is, and where there is none Bun's `node:tls` is
 * what remains.
 */
import type { TlsPort, TurnPort } from "@portico/core/port/index"
import * as NodeTlsContext from "@portico/node/tls/NodeTlsContext"
import * as BunBridgedTls from "./BunBridgedTls.ts"
import * as BunCarriedTls from "./BunCarriedTls.ts"
import { BunHandshake } from "./BunHandshake.ts"
import * as BunSocketPair from "./BunSocketPair.ts"
import { BunStream } from "../tcp/BunStream.ts"
import { BunTlsStream } from "./BunTlsStream.ts"

/** Before, an end came in another callback than its close_notify, and ended both directions. */
export const isAvailable = (): boolean => Bun.semver.satisfies(Bun.version, ">=1.4.1")

/** As long as core's default grace. */
const defaultLingerMillis = 1_000

/** `lingerMillis` is how long a closed stream may keep its descriptor for what is not yet sent. */
export const make = (
  turn: TurnPort,
  platform: NodeJS.Platform,
  lingerMillis = defaultLingerMillis
): TlsPort => ({
  makeContext: NodeTlsContext.make,
  wrap: (request, events) => {
    const { transport } = request
    if (transport instanceof BunStream && !(transport instanceof BunTlsStream)) {
      return new BunHandshake(turn, transport, request, events, lingerMillis)
    }
    return BunSocketPair.isAvailable(platform)
      ? BunBridgedTls.wrap(turn, request, events, lingerMillis)
      : BunCarriedTls.wrap(turn, request, events)
  }
})
