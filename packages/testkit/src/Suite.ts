/**
 * The suite: what a backend has to pass, as a list of named effects for any test runner.
 *
 * `Suite.plan` turns laws into checks for one backend: its capabilities decide which laws become
 * "asking for it is Unsupported", its deviations replace laws and are themselves checked.
 */
import type { Capabilities, IoError } from "@portico/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Deviation, stillDeviates } from "./Deviation.ts"
import { fails, isUnsupported } from "./Expectation.ts"
import type { BackendServices, Check, Hook, Law, UngroupedLaw } from "./Law.ts"
import type { LawEnvironment } from "./LawEnvironment.ts"
import type { LawFailure } from "./LawFailure.ts"
import * as Laws from "./Laws.ts"
import { leavingNothing } from "./LeakCheck.ts"
import { withoutLogs } from "./Logs.ts"

export { format, run } from "./Report.ts"

/** Every law there is. */
export const all: ReadonlyArray<Law> = Laws.groups.flatMap((group) => group.laws)

export interface PlanOptions {
  /** As in the backend's ports. */
  readonly backendName: string
  readonly capabilities: Capabilities.Capabilities
  readonly deviations?: ReadonlyArray<Deviation> | undefined
  /** The optional parts that the binder's `LawEnvironment` has. */
  readonly hooks?: ReadonlyArray<Hook> | undefined
  /** How long a law may take that does not say why it is slow. Default 20 seconds. */
  readonly limit?: Duration.Input | undefined
  /** Default: all. */
  readonly laws?: ReadonlyArray<Law> | undefined
}

/** How a law applies to a backend. `NotChecked`: a hook that it needs is missing. */
export type Standing =
  | { readonly _tag: "Holds" }
  | { readonly _tag: "Unsupported"; readonly capability: Capabilities.Capability }
  | { readonly _tag: "Deviates"; readonly because: string; readonly instead: UngroupedLaw }
  | { readonly _tag: "NotChecked"; readonly hook: Hook }

export interface PlannedLaw {
  readonly id: string
  /** The name of its test: `TCP-10 a read with a maximum never gives more, and loses nothing`. */
  readonly name: string
  /** Leaves nothing behind, and ends within a bound. */
  readonly effect: Effect.Effect<
    void,
    LawFailure | IoError.IoError,
    BackendServices | LawEnvironment
  >
}

/** How `law` applies to the backend. */
export const standing = (law: Law, options: PlanOptions): Standing => {
  const { capabilities, deviations = [], hooks = [] } = options
  const deviation = deviations.find(({ from }) => from === law.id)
  if (deviation !== undefined) {
    return { _tag: "Deviates", because: deviation.because, instead: deviation.instead }
  }
  if (law.capability !== undefined && !capabilities[law.capability.name]) {
    return { _tag: "Unsupported", capability: law.capability.name }
  }
  if (law.hook !== undefined && !hooks.includes(law.hook)) {
    return { _tag: "NotChecked", hook: law.hook }
  }
  return { _tag: "Holds" }
}

// A law takes milliseconds. Machines have bad moments, and a hang shows all the same.
const limitByDefault = Duration.seconds(20)
const slowLimit = Duration.seconds(60)

// A law that does not hold may well hang, and each run of the suite waits for that.
const deviatingLimit = Duration.seconds(2)

const planned = (
  law: UngroupedLaw,
  sentence: string,
  check: Check,
  limit: Duration.Input = limitByDefault
): PlannedLaw => {
  const duration = Duration.fromInputUnsafe(law.longerThan === undefined ? limit : slowLimit)
  const bounded = Effect.timeoutOrElse(Effect.scoped(check), {
    duration,
    orElse: () => fails(`Not done within ${Duration.format(duration)}`)
  })
  return { id: law.id, name: `${law.id} ${sentence}`, effect: withoutLogs(leavingNothing(bounded)) }
}

/** The checks that `law` comes to. */
const plansOf = (law: Law, options: PlanOptions): ReadonlyArray<PlannedLaw> => {
  const how = standing(law, options)
  switch (how._tag) {
    case "Holds":
      return [planned(law, law.sentence, law.check, options.limit)]
    case "NotChecked":
      return []
    case "Unsupported": {
      const asking = isUnsupported(law.capability!.ask, how.capability)
      return [planned(law, `asking for ${how.capability} is Unsupported`, asking, options.limit)]
    }
    case "Deviates": {
      const { instead } = how
      const original = planned(law, `does not hold: ${law.sentence}`, law.check, deviatingLimit)
      return [
        planned({ ...instead, id: law.id }, `instead: ${instead.sentence}`, instead.check),
        { ...original, effect: stillDeviates(law, original.effect) }
      ]
    }
  }
}

/** What a backend has to pass. Throws when a deviation names a law that is not in the plan. */
export const plan = (options: PlanOptions): ReadonlyArray<PlannedLaw> => {
  const laws = options.laws ?? all
  for (const { from } of options.deviations ?? []) {
    if (!laws.some((law) => law.id === from))
      throw new Error(`No such law to deviate from: ${from}`)
  }
  return laws.flatMap((law) => plansOf(law, options))
}
