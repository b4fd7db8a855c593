/** The suite can fail: each of these backends has one bug, and a law that says so by name. */
import { SimBackend } from "@portico/sim"
import { Suite } from "@portico/testkit"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { expect, it } from "vitest"
import { closeMutants } from "./mutants/CloseMutants.ts"
import { diskMutants } from "./mutants/DiskMutants.ts"
import { dumpMutants } from "./mutants/DumpMutants.ts"
import { type Changes, type Mutant, mutating } from "./mutants/Mutant.ts"
import { openMutants } from "./mutants/OpenMutants.ts"
import { phaseMutants } from "./mutants/PhaseMutants.ts"
import { postMutants } from "./mutants/PostMutants.ts"
import { readMutants } from "./mutants/ReadMutants.ts"
import { schedulerMutants } from "./mutants/SchedulerMutants.ts"
import { tlsMutants } from "./mutants/TlsMutants.ts"
import { timerMutants } from "./mutants/TimerMutants.ts"
import { turnMutants } from "./mutants/TurnMutants.ts"
import { udpMutants } from "./mutants/UdpMutants.ts"
import { wakeUpMutants } from "./mutants/WakeUpMutants.ts"
import { watchMutants } from "./mutants/WatchMutants.ts"
import { writeMutants } from "./mutants/WriteMutants.ts"
import { sim } from "./sim.ts"
import * as SimLawEnvironment from "./SimLawEnvironment.ts"

const mutants = [
  ...readMutants,
  ...writeMutants,
  ...closeMutants,
  ...openMutants,
  ...turnMutants,
  ...timerMutants,
  ...wakeUpMutants,
  ...postMutants,
  ...phaseMutants,
  ...dumpMutants,
  ...schedulerMutants,
  ...udpMutants,
  ...tlsMutants,
  ...diskMutants,
  ...watchMutants
]

/** How the law ends over ports, and a loop, that were changed. */
const verdict = (id: string, changes: Changes): Exit.Exit<void, unknown> => {
  const law = Suite.plan(sim).find((planned) => planned.id === id)
  if (law === undefined) throw new Error(`No such law: ${id}`)
  const checked = Effect.provide(mutating(changes, law.effect), SimLawEnvironment.layer)
  const options = { seed: 1, descriptorsMax: SimLawEnvironment.descriptorsMax, stepsMax: 1_000_000 }
  return SimBackend.runSync(checked, options)
}

it.each([...new Set(mutants.map(({ caughtBy }) => caughtBy))])("%s holds without a bug", (id) => {
  expect(verdict(id, { change: (ports) => ports })).toEqual(Exit.void)
})

it.each(mutants)("a backend that $name is caught by $caughtBy", (mutant: Mutant) => {
  expect(Exit.isFailure(verdict(mutant.caughtBy, mutant))).toBe(true)
})
