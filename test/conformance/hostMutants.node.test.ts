/** The laws that only a host is checked by can fail, too. On Node; they are the same on Bun. */
import { NodeBackend } from "@portico/node"
import { Suite } from "@portico/testkit"
import { withoutLogs } from "@portico/testkit/Logs"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { expect, it } from "vitest"
import * as HostLawEnvironment from "./HostLawEnvironment.ts"
import { mutating } from "./mutants/Mutant.ts"
import { hostMutants } from "./mutants/HostMutants.ts"
import { node } from "./node.ts"

it.each(hostMutants)("a backend that $name is caught by $caughtBy", async (mutant) => {
  const plan = Suite.plan({ ...node(process.platform), limit: "1 second" })
  const law = plan.find((planned) => planned.id === mutant.caughtBy)!
  const world = Layer.fresh(Layer.merge(NodeBackend.layer, HostLawEnvironment.layer))
  const changed = mutating(mutant, law.effect)
  const checked = Effect.provide(changed, world)
  expect(Exit.isFailure(await Effect.runPromiseExit(withoutLogs(checked)))).toBe(true)
})
