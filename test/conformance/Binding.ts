/** A backend as the laws are bound to it: the plan's options, and how to run one law. */
import type { Suite } from "@portico/testkit"
import { withoutLogs } from "@portico/testkit/Logs"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { BackendLayer } from "@portico/core"
import { expect, it } from "vitest"
import * as HostResources from "./HostResources.ts"
import * as HostLawEnvironment from "./HostLawEnvironment.ts"

/** Runs a law on this process's own sockets, then looks for what it left in the host. */
export const runOnHost = async (
  law: Suite.PlannedLaw,
  backend: Layer.Layer<BackendLayer.Services>
): Promise<void> => {
  const before = HostResources.resources()
  const world = Layer.fresh(Layer.merge(backend, HostLawEnvironment.layer))
  // Whoever holds the thread is logged by the layer, and laws do.
  await Effect.runPromise(withoutLogs(Effect.provide(law.effect, world)))
  expect(await HostResources.leaked(before)).toEqual([])
}

/** One test a law. */
export const bind = (
  plan: ReadonlyArray<Suite.PlannedLaw>,
  run: (law: Suite.PlannedLaw) => Promise<void>
): void => {
  it.each(plan.map((law) => [law.name, law] as const))("%s", (_, law) => run(law))
}
