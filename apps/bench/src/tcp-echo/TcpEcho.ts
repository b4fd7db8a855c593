/** What a TCP echo costs: the raw host, Portico on it, and Effect's own socket server on it. */
import { echoes } from "../Echoes.ts"
import type { Suite } from "../Suite.ts"
import { flowCase } from "../Flow.ts"
import { connectionsCase } from "../Connections.ts"
import { descriptorsCase } from "./Descriptors.ts"
import { greedyCase } from "./Greedy.ts"
import { absent, peers } from "./Peers.ts"

const kib = 1_024

export const tcpEcho: Suite = {
  name: "tcp-echo",
  summary: "Echo over TCP on loopback",
  baseline: "the raw host",
  contestants: [...echoes({ folder: "", hasPump: true }), ...peers],
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
