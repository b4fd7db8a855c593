/** What the three models of serving cost: a process or a thread for each connection, or events. */
import { connectionsCase } from "../Connections.ts"
import type { Contestant } from "../Contestant.ts"
import { isInstalled } from "../Found.ts"
import type { Suite } from "../Suite.ts"

const hasCompiler = isInstalled("gcc")

const ratioTo = hasCompiler ? "epoll-c" : "node-raw"

const inC = (name: string, file: string): Contestant => ({
  name,
  host: "node",
  program: new URL(`../peers/${file}`, import.meta.url),
  ratioTo,
  isPeer: true
})

const ours = (name: string, host: Contestant["host"], file: string): Contestant => ({
  name,
  host,
  program: new URL(`../servers/${file}`, import.meta.url),
  ratioTo
})

const natives: ReadonlyArray<Contestant> = [
  inC("processes-c", "processes.ts"),
  inC("threads-c", "threads.ts"),
  inC("epoll-c", "epoll.ts")
]

/**
 * Memory of the programs in C is the proportional set of all their processes, without what the
 * kernel keeps for each; of the others it is the resident set.
 */
export const models: Suite = {
  name: "models",
  summary: "A process for each connection, a thread for each, or events, on one core",
  baseline: hasCompiler ? "epoll in C" : "node:net",
  contestants: [
    ...(hasCompiler ? natives : []),
    ours("node-raw", "node", "node-raw.ts"),
    ours("portico-node", "node", "portico.node.ts"),
    ours("bun-raw", "bun", "bun-raw.ts"),
    ours("portico-bun", "bun", "portico.bun.ts")
  ],
  absent: hasCompiler ? [] : natives.map(({ name }) => `${name} (gcc not found)`),
  cases: [10, 100, 1_000, 10_000].map((connections) =>
    connectionsCase(`connections-${connections}`, connections)
  )
}
