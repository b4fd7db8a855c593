/**
 * What a TCP echo costs beside a rival, by turns of a tenth of a second: Portico beside the raw
 * host, Portico's sockets under Effect's own scheduler beside it, and the two schedulers.
 *
 * It tells smaller differences than `tcp-echo`, whose contestants are seconds apart.
 */
import type { Contestant } from "../Contestant.ts"
import type { Host } from "../Host.ts"
import type { Suite } from "../Suite.ts"
import { duelCase } from "./Duel.ts"

const server = (name: string, host: Host): Contestant => ({
  name: `${name}-${host}`,
  host,
  program: new URL(`../servers/${name}.${host}.ts`, import.meta.url),
  ratioTo: `${name}-${host}`
})

const raw = (host: Host): Contestant => ({
  ...server("raw", host),
  program: new URL(`../servers/${host}-raw.ts`, import.meta.url)
})

const duels = (["node", "bun"] as const).flatMap((host) => {
  const portico = server("portico", host)
  const stock = server("stock", host)
  const between = (contestant: Contestant, rival: Contestant) => {
    const name = `${contestant.name}-to-${rival.name}`
    return { contestant: { ...contestant, name, ratioTo: name }, rival }
  }
  return [between(portico, raw(host)), between(stock, raw(host)), between(portico, stock)]
})

const rivals = new Map(duels.map(({ contestant, rival }) => [contestant.name, rival]))

export const tcpDuel: Suite = {
  name: "tcp-duel",
  summary: "Echo over TCP on loopback, beside a rival that takes turns",
  baseline: "itself; the ratio to the rival is a figure",
  contestants: duels.map(({ contestant }) => contestant),
  cases: [
    duelCase("ping-pong", "50 connections, 64-byte messages, 1 in flight on each", rivals, 1),
    duelCase("in-flight-16", "the same with 16 in flight on each", rivals, 16)
  ]
}
