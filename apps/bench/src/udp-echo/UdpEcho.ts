/** What a UDP echo costs: the raw host, Portico on it, and Effect's own datagram socket on it. */
import type { Contestant } from "../Contestant.ts"
import { flowCase } from "../Flow.ts"
import type { Suite } from "../Suite.ts"

const server = (file: string) => new URL(`../servers/udp/${file}`, import.meta.url)

const contestants: ReadonlyArray<Contestant> = [
  { name: "node-raw", host: "node", program: server("node-raw.ts"), ratioTo: "node-raw" },
  { name: "portico-node", host: "node", program: server("portico.node.ts"), ratioTo: "node-raw" },
  { name: "effect-node", host: "node", program: server("effect.ts"), ratioTo: "node-raw" },
  { name: "bun-raw", host: "bun", program: server("bun-raw.ts"), ratioTo: "bun-raw" },
  { name: "portico-bun", host: "bun", program: server("portico.bun.ts"), ratioTo: "bun-raw" },
  { name: "effect-bun", host: "bun", program: server("effect.ts"), ratioTo: "bun-raw" }
]

/** Datagrams on their way must fit the server's receive buffer: 212,992 bytes, 768 for one. */
export const udpEcho: Suite = {
  name: "udp-echo",
  summary: "Echo over UDP on loopback",
  baseline: "the raw host",
  contestants,
  cases: [
    flowCase("datagrams.ts", "ping-pong", "50 clients, 64-byte datagrams, 1 in flight each", 50, {
      messageBytes: 64,
      inFlight: 1
    }),
    flowCase(
      "datagrams.ts",
      "in-flight-16",
      "16 clients, 64-byte datagrams, 16 in flight each",
      16,
      { messageBytes: 64, inFlight: 16 }
    ),
    flowCase(
      "datagrams.ts",
      "full-frame",
      "50 clients, 1,400-byte datagrams, 1 in flight each",
      50,
      {
        messageBytes: 1_400,
        inFlight: 1
      }
    )
  ]
}
