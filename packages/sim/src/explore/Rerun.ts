/** A recorded run, once more. */
import type { TraceEvent } from "../trace/TraceEvent.ts"
import { deviations } from "./Decisions.ts"
import { nameOf } from "./decisionNames.ts"
import { DecisionLog } from "./DecisionLog.ts"
import type { Replay } from "./Replay.ts"
import { type Divergence, ExactScript, LooseScript } from "./Script.ts"
import * as Strategy from "./Strategy.ts"
import type { Scenario, Trial, TrialOptions } from "./Trial.ts"
import { type Failure, fingerprint } from "./Verdict.ts"
import { type Watched, watched } from "./Watched.ts"

/**
 * How near it came to what was recorded:
 * - `exact`: every decision and every step is the same;
 * - `loose`: the program has changed; with the recorded decisions, each at its place among those of
 *   its kind, it fails as it did then;
 * - `gone`: it no longer fails as it did then. The failure, if any, is another one.
 */
export type Likeness = "exact" | "loose" | "gone"

export interface Rerun {
  readonly likeness: Likeness
  readonly failure: Failure | undefined
  readonly steps: number
  readonly nanos: number
  readonly hash: number
  /** Where it stopped to be the recorded one; undefined if it never did. */
  readonly divergence: string | undefined
  /** At most 25 lines. */
  readonly timeline: ReadonlyArray<string>
  /** The last 4,096, for a diagram. */
  readonly events: ReadonlyArray<TraceEvent>
}

export const rerun = (
  scenario: Scenario,
  replay: Replay,
  options: Omit<TrialOptions, "seed" | "strategy" | "log">
): Rerun => {
  const { decisions, seed } = replay
  const settings = { ...options, seed, strategy: Strategy.Production() }
  const exact = new ExactScript(decisions)
  const first = watched(scenario, { ...settings, log: new DecisionLog(exact) })
  const divergence = divergenceOf(exact.divergence, first.trial, replay)
  if (divergence === undefined) return toRerun("exact", first, divergence)
  if (isAlike(first.trial, replay)) return toRerun("loose", first, divergence)
  const loose = new DecisionLog(new LooseScript(deviations(decisions)))
  const second = watched(scenario, { ...settings, log: loose })
  return isAlike(second.trial, replay)
    ? toRerun("loose", second, divergence)
    : toRerun("gone", first, divergence)
}

const toRerun = (
  likeness: Likeness,
  { events, lines, trial: { failure, hash, nanos, steps } }: Watched,
  divergence: string | undefined
): Rerun => ({ likeness, failure, hash, nanos, steps, divergence, timeline: lines, events })

const isAlike = ({ failure }: Trial, replay: Replay): boolean =>
  failure !== undefined && fingerprint(failure) === replay.fingerprint

const divergenceOf = (
  divergence: Divergence | undefined,
  { hash, steps }: Trial,
  replay: Replay
): string | undefined => {
  if (divergence === undefined) {
    if (hash === replay.hash) return undefined
    return `All decisions are as recorded, and yet the steps differ: ${steps}, not ${replay.steps}`
  }
  const { actual, expected, index } = divergence
  const say = ({ count, kind }: { readonly count: number; readonly kind: number }) =>
    `${nameOf(kind)} of ${count}`
  if (expected === undefined && index >= replay.decisions.length) {
    return `Decision ${index + 1} was not recorded any more: ${say(actual)}`
  }
  return expected === undefined
    ? `One of the 64 decisions from ${index + 1} on has another label`
    : `Decision ${index + 1} is of ${say(actual)}, and not of ${say(expected)}`
}
