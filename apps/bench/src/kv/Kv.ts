/** What SET and GET cost: Portico's key-value server, and Redis where it is found. */
import type { Contestant } from "../Contestant.ts"
import { isInstalled } from "../Found.ts"
import type { Suite } from "../Suite.ts"
import { kvCase } from "./KvCase.ts"

const server = (file: string) => new URL(`./servers/${file}`, import.meta.url)

const ratioTo = "redis"

const ours: ReadonlyArray<Contestant> = [
  { name: "portico-node", host: "node", program: server("portico.node.ts"), ratioTo },
  { name: "portico-bun", host: "bun", program: server("portico.bun.ts"), ratioTo }
]

/** Started and questioned by a program on Node, which is not measured. */
const redis: Contestant = { name: "redis", host: "node", program: server("redis.ts"), ratioTo }

const generator = isInstalled("redis-benchmark") ? "redisBenchmark.ts" : "requests.ts"

export const kv: Suite = {
  name: "kv",
  summary: "SET and GET over TCP on loopback, with a log that is synced every second",
  baseline: "Redis on one thread",
  contestants: [...(isInstalled("redis-server") ? [redis] : []), ...ours],
  cases: [kvCase(generator, "set"), kvCase(generator, "get")]
}
