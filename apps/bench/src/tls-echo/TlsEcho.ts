/** What an echo over TLS costs: the raw host, Portico on it, and Effect's own server on it. */
import type { Contestant } from "../Contestant.ts"
import { flowCase } from "../Flow.ts"
import type { Suite } from "../Suite.ts"

const server = (file: string) => new URL(`../servers/tls/${file}`, import.meta.url)

const contestants: ReadonlyArray<Contestant> = [
  { name: "node-raw", host: "node", program: server("node-raw.ts"), ratioTo: "node-raw" },
  { name: "portico-node", host: "node", program: server("portico.node.ts"), ratioTo: "node-raw" },
  {
    name: "portico-node-pump",
    host: "node",
    program: server("pump.node.ts"),
    ratioTo: "node-raw"
  },
  { name: "effect-node", host: "node", program: server("effect.ts"), ratioTo: "node-raw" },
  { name: "bun-raw", host: "bun", program: server("bun-raw.ts"), ratioTo: "bun-raw" },
  { name: "portico-bun", host: "bun", program: server("portico.bun.ts"), ratioTo: "bun-raw" },
  {
    name: "portico-bun-pump",
    host: "bun",
    program: server("pump.bun.ts"),
    ratioTo: "bun-raw"
  },
  { name: "effect-bun", host: "bun", program: server("effect.ts"), ratioTo: "bun-raw" }
]

const kib = 1_024
const isTls = true

export const tlsEcho: Suite = {
  name: "tls-echo",
  summary: "Echo over TLS on loopback",
  baseline: "the raw host",
  contestants,
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
