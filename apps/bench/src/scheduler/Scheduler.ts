/**
 * What a fiber scheduler does to a loop, and what it costs: Portico's and Effect's own.
 *
 * Both run the same programs on the same host, with Portico's layer. It brings Portico's scheduler
 * and the clock that goes with it; for `effect`, `programs/stock.ts` puts back Effect's own of
 * both, and nothing else differs. Echoes are served by Portico's TCP on either, so `effect` here
 * does not name Effect's sockets.
 */
import type { Contestant } from "../Contestant.ts"
import type { Case, Suite } from "../Suite.ts"
import { echoUnderCase } from "./EchoUnder.ts"
import { soloCase } from "./Solo.ts"

const program = (file: string) => new URL(`programs/${file}`, import.meta.url)

const contestants: ReadonlyArray<Contestant> = [
  {
    name: "portico-node",
    host: "node",
    program: program("portico.node.ts"),
    ratioTo: "effect-node"
  },
  { name: "effect-node", host: "node", program: program("effect.node.ts"), ratioTo: "effect-node" },
  { name: "portico-bun", host: "bun", program: program("portico.bun.ts"), ratioTo: "effect-bun" },
  { name: "effect-bun", host: "bun", program: program("effect.bun.ts"), ratioTo: "effect-bun" }
]

/** Operations that are repeated through the window; `warm` is for who needs another warm-up. */
export const repeated = (warm: { readonly warmSeconds?: number } = {}): ReadonlyArray<Case> => [
  soloCase("yields-1", "one fiber that yields", { ...warm, program: "yields", size: 1 }),
  soloCase("yields-100", "100 fibers that yield", { ...warm, program: "yields", size: 100 }),
  soloCase("forks", "a fiber forks another and joins it", { ...warm, program: "forks", size: 1 }),
  soloCase("queue", "two fibers, two bounded queues; an operation is there and back", {
    ...warm,
    program: "queue",
    size: 1
  }),
  soloCase("deferred", "two fibers complete each other's deferred; there and back", {
    ...warm,
    program: "deferred",
    size: 1
  }),
  soloCase("promise-loop", "a loop over settled promises beside a 5 ms interval of the host", {
    ...warm,
    program: "promise-loop",
    size: 1
  })
]

export const scheduler: Suite = {
  name: "scheduler",
  summary: "Fiber schedulers on the host's loop",
  baseline: "Effect's own scheduler",
  contestants,
  cases: [
    echoUnderCase("echo-under-10", "10 fibers that compute", { size: 10 }),
    echoUnderCase("echo-under-100", "100 fibers that compute", { size: 100 }),
    echoUnderCase("echo-under-1000", "1,000 fibers that compute", { size: 1_000 }),
    echoUnderCase("echo-under-10000", "10,000 fibers that compute", { size: 10_000 }),
    echoUnderCase("echo-under-10us", "1,000 fibers whose operations take 10 µs", {
      size: 1_000,
      stepMicros: 10
    }),
    ...repeated(),
    soloCase("chain", "100,000 fibers, each woken by the one before", {
      program: "chain",
      size: 100_000
    }),
    soloCase("sleepers", "100,000 fibers that sleep, each until its own moment of the window", {
      program: "sleepers",
      size: 100_000
    })
  ]
}
