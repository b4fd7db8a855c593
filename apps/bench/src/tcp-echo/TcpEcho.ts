/** What a TCP echo costs: the raw host, Portico on it, and Effect's own socket server on it. */
import type { Contestant } from "../Contestant.ts"
import type { Suite } from "../Suite.ts"
import { flowCase } from "../Flow.ts"
import { connectionsCase } from "../Connections.ts"
import { descriptorsCase } from "./Descriptors.ts"
import { greedyCase } from "./Greedy.ts"
import { absent, peers } from "./Peers.ts"

const server = (file: string) => new URL(`../servers/${file}`, import.meta.url)

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

export const tcpEcho: Suite = {
  name: "tcp-echo",
  summary: "Echo over TCP on loopback",
  baseline: "the raw host",
  contestants: [...contestants, ...peers],
  absent,
  cases: [
    flowCase("flow.ts", "ping-pong", "50 connections, 64-byte messages, 1 in flight on each", 50, {
      messageBytes: 64,
      inFlight: 1
    }),
    flowCase(
      "flow.ts",
      "in-flight-16",
      "50 connections, 64-byte messages, 16 in flight on each",
      50,
      {
        messageBytes: 64,
        inFlight: 16
      }
    ),
    flowCase("flow.ts", "bulk-64k", "8 connections, 64 KiB messages, 1 in flight on each", 8, {
      messageBytes: 64 * kib,
      inFlight: 1
    }),
    connectionsCase("idle-10k", 10_000),
    greedyCase("greedy"),
    descriptorsCase("descriptors-256")
  ]
}
