/** How fast the simulator runs: steps of its scheduler, and whole worlds. On one core. */
import type { Contestant } from "../Contestant.ts"
import type { Suite } from "../Suite.ts"
import { simCase } from "./SimCase.ts"

const contestant = (name: string, host: Contestant["host"]): Contestant => ({
  name,
  host,
  program: new URL("programs/sim.ts", import.meta.url),
  ratioTo: "portico-node"
})

export const sim: Suite = {
  name: "sim",
  summary: "The simulator's steps and worlds",
  baseline: "the simulator on Node",
  contestants: [contestant("portico-node", "node"), contestant("portico-bun", "bun")],
  cases: [
    simCase("steps", "ten fibers that yield, in random order; an operation is a step"),
    simCase("steps-io", "TCP echo and a synced file, with a trace; an operation is a step"),
    simCase("tiny-worlds", "explored worlds of three fibers, up to 60 steps; an operation is one"),
    simCase("rpc-worlds", "explored worlds of three hosts that call each other; one is one"),
    simCase("virtual-time", "five hosts in step; an operation is a second of their time")
  ]
}
