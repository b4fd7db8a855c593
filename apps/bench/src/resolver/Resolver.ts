/** What a cached answer costs: Portico's resolver, and the name servers found on the machine. */
import type { Contestant } from "../Contestant.ts"
import { isInstalled } from "../Found.ts"
import type { Suite } from "../Suite.ts"
import { cachedCase } from "./Cached.ts"

const server = (file: string) => new URL(`./servers/${file}`, import.meta.url)

const ratioTo = "unbound"

const ours: ReadonlyArray<Contestant> = [
  { name: "portico-node", host: "node", program: server("portico.node.ts"), ratioTo },
  { name: "portico-bun", host: "bun", program: server("portico.bun.ts"), ratioTo }
]

/** Started and questioned by a program on Node, which is not measured. */
const natives: ReadonlyArray<Contestant> = [
  { name: "unbound", host: "node", program: server("unbound.ts"), ratioTo },
  { name: "dnsmasq", host: "node", program: server("dnsmasq.ts"), ratioTo }
]

const isFound = ({ name }: Contestant): boolean => isInstalled(name)

export const resolver: Suite = {
  name: "resolver",
  summary: "DNS answers from the cache, on loopback",
  baseline: "unbound on one thread",
  contestants: [...natives.filter(isFound), ...ours],
  absent: natives.filter((it) => !isFound(it)).map(({ name }) => `${name}: not installed`),
  cases: [cachedCase(isInstalled("dnsperf") ? "dnsperf.ts" : "queries.ts")]
}
