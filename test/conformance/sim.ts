/** The laws in the simulator: everything it can do, and one law in a world of its own. */
import { SimBackend, type SimOptions } from "@portico/sim"
import { capabilities } from "@portico/sim/SimCapabilities"
import type { Suite } from "@portico/testkit"
import * as Effect from "effect/Effect"
import * as SimLawEnvironment from "./SimLawEnvironment.ts"

export const sim: Suite.PlanOptions = {
  backendName: "sim",
  capabilities,
  hooks: ["disk", "exhaustDescriptors", "tasks"],
  // Virtual time is exact: the budget of a law can be enforced.
  limit: "250 millis",
  deviations: []
}

/** Runs a law in virtual time, in a world that this seed decides. */
export const runInSim = (law: Suite.PlannedLaw, options: SimOptions.SimOptions): Promise<void> =>
  Effect.runPromise(
    SimBackend.run(Effect.provide(law.effect, SimLawEnvironment.layer), {
      descriptorsMax: SimLawEnvironment.descriptorsMax,
      ...options
    })
  )
