/** What an echo over TLS costs: the raw host, Portico on it, and Effect's own server on it. */
import { echoes } from "../Echoes.ts"
import { flowCase } from "../Flow.ts"
import type { Suite } from "../Suite.ts"

const kib = 1_024
const isTls = true

export const tlsEcho: Suite = {
  name: "tls-echo",
  summary: "Echo over TLS on loopback",
  baseline: "the raw host",
  contestants: echoes({ folder: "tls/", hasPump: true }),
  cases: [
    flowCase(
      "flow.ts",
      "ping-pong",
      "50 connections, 64-byte messages, 1 in flight on each",
      50,
      { messageBytes: 64, inFlight: 1 },
      { isTls }
    ),
    flowCase(
      "flow.ts",
      "bulk-64k",
      "8 connections, 64 KiB messages, 1 in flight on each",
      8,
      { messageBytes: 64 * kib, inFlight: 1 },
      { isTls }
    )
  ]
}
