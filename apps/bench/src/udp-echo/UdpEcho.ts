/** What a UDP echo costs: the raw host, Portico on it, and Effect's own datagram socket on it. */
import { echoes } from "../Echoes.ts"
import { flowCase } from "../Flow.ts"
import type { Suite } from "../Suite.ts"

/** Datagrams on their way must fit the server's receive buffer: 212,992 bytes, 768 for one. */
export const udpEcho: Suite = {
  name: "udp-echo",
  summary: "Echo over UDP on loopback",
  baseline: "the raw host",
  contestants: echoes({ folder: "udp/", hasPump: false }),
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
