/** The laws of locks, channels and rings can fail: each of these has one bug, and a law says so. */
import { SimBackend } from "@portico/sim"
import { Suite } from "@portico/testkit"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { expect, it } from "vitest"
import { syncMutants } from "./mutants/SyncMutants.ts"
import { sim } from "./sim.ts"
import * as SimLawEnvironment from "./SimLawEnvironment.ts"

const plan = Suite.plan(sim)

const verdict = (id: string): Exit.Exit<void, unknown> => {
  const law = plan.find((planned) => planned.id === id)
  if (law === undefined) throw new Error(`No such law: ${id}`)
  const checked = Effect.provide(law.effect, SimLawEnvironment.layer)
  return SimBackend.runSync(checked, { seed: 1, stepsMax: 100_000 })
}

it.each([...new Set(syncMutants.map(({ caughtBy }) => caughtBy))])(
  "%s holds without a bug",
  (id) => {
    expect(verdict(id)).toEqual(Exit.void)
  }
)

it.each(syncMutants)("$name is caught by $caughtBy", ({ apply, caughtBy }) => {
  const restore = apply()
  try {
    expect(Exit.isFailure(verdict(caughtBy))).toBe(true)
  } finally {
    restore()
  }
})
