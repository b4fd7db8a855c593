/** What a cached answer costs: Portico's resolver, and the name servers found on the machine. */
import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"
import type { Contestant } from "../Contestant.ts"
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

/** Whether a shell would find it, or root's. */
export const isInstalled = (program: string): boolean =>
  `${process.env["PATH"] ?? ""}${delimiter}/usr/sbin`.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })

export const resolver: Suite = {
  name: "resolver",
  summary: "DNS answers from the cache, on loopback",
  baseline: "unbound on one thread",
  contestants: [...natives.filter(({ name }) => isInstalled(name)), ...ours],
  cases: [cachedCase(isInstalled("dnsperf") ? "dnsperf.ts" : "queries.ts")]
}
