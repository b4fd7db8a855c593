/** The least that a failing run needs, and a look at what is left of it. */
import type { TraceEvent } from "../trace/TraceEvent.ts"
import type { Found } from "./Campaign.ts"
import { type Decisions, type Deviation, deviations } from "./Decisions.ts"
import { DecisionLog } from "./DecisionLog.ts"
import { withHolders } from "./holders.ts"
import { ExactScript, LooseScript } from "./Script.ts"
import { Shrinker } from "./Shrink.ts"
import { Production } from "./Strategy.ts"
import { runTrial, type Scenario, type TrialOptions } from "./Trial.ts"
import { fingerprint } from "./Verdict.ts"
import { watched } from "./Watched.ts"

/** Runs that shrinking may take, and steps of all of them: some ten seconds of a host. */
export const shrinkRunsMax = 500
const shrinkStepsMax = 2_000_000
/** A candidate may take so many times the steps of what failed: milder worlds go on for longer. */
const stepsFactor = 4

export interface Minimum {
  /** All of the run that is left; those that are not 0 are what the failure needs. */
  readonly decisions: Decisions
  readonly deviations: ReadonlyArray<Deviation>
  readonly steps: number
  readonly nanos: number
  readonly hash: number
  readonly message: string
  /** Runs that it took. */
  readonly runs: number
  /** At most 25 lines. */
  readonly timeline: ReadonlyArray<string>
  /** The last 4,096 events of the run that is left, for a diagram. */
  readonly events: ReadonlyArray<TraceEvent>
}

export type MinimumOptions = Omit<TrialOptions, "seed" | "strategy" | "log">

/** Of a run that failed twice alike. The result was run twice, too. */
export const minimize = (scenario: Scenario, found: Found, options: MinimumOptions): Minimum => {
  const mark = fingerprint(found.failure)
  const settings = { ...options, seed: found.seed, strategy: Production() }
  const stepsMax = Math.min(options.stepsMax, found.steps * stepsFactor + 1_000)
  let runs = 0
  let steps = 0
  const attempt = (candidate: ReadonlyArray<Deviation>) => {
    const log = new DecisionLog(new LooseScript(candidate))
    const trial = runTrial(scenario, { ...settings, stepsMax, log })
    const { failure } = trial
    runs++
    steps += trial.steps
    return failure !== undefined && fingerprint(failure) === mark
      ? deviations(log.decisions())
      : undefined
  }
  const isSpent = () => runs >= shrinkRunsMax - 2 || steps >= shrinkStepsMax
  const shrunk = new Shrinker(deviations(found.decisions), { attempt, isSpent }).shrink()
  const log = new DecisionLog(new LooseScript(shrunk.deviations))
  runTrial(scenario, { ...settings, log })
  const decisions = log.decisions()
  const { events, lines, trial } = watched(scenario, {
    ...settings,
    log: new DecisionLog(new ExactScript(decisions))
  })
  const failure = trial.failure ?? found.failure
  const { message } = withHolders(scenario, { ...options, seed: found.seed }, decisions, failure)
  return {
    decisions,
    deviations: deviations(decisions),
    steps: trial.steps,
    nanos: trial.nanos,
    hash: trial.hash,
    message,
    runs: shrunk.runs + 2,
    timeline: lines,
    events
  }
}
