/** Every law in the simulator: in the order of a host, and in orders that seeds choose. */
import { Suite } from "@portico/testkit"
import { describe } from "vitest"
import { bind } from "./Binding.ts"
import { runInSim, sim } from "./sim.ts"

describe("first in, first out", () => {
  bind(Suite.plan(sim), (law) => runInSim(law, { seed: 1, order: "fifo" }))
})

describe.each([1, 2, 3, 4, 5])("random order, seed %i", (seed) => {
  bind(Suite.plan(sim), (law) => runInSim(law, { seed, order: "random" }))
})
