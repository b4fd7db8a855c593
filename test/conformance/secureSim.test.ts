/** The laws of streams over TLS, in the simulator. */
import { Suite } from "@portico/testkit"
import { describe } from "vitest"
import { bind } from "./Binding.ts"
import { secureLaws } from "./secure.ts"
import { runInSim, sim } from "./sim.ts"

const plan = Suite.plan({ ...sim, laws: secureLaws })

describe("first in, first out", () => {
  bind(plan, (law) => runInSim(law, { seed: 1, order: "fifo" }))
})

describe.each([1, 2])("random order, seed %i", (seed) => {
  bind(plan, (law) => runInSim(law, { seed, order: "random" }))
})
