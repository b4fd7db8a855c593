/**
 * Every run that deviates from the mildest one in at most so many decisions: first those of one
 * deviation, then those of two, and so on (delay bounding, Emmi et al., POPL 2011). Most bugs need
 * few; and when it is through, there is none that needs as few.
 *
 * Which of two hosts steps first is no decision: hosts share nothing, and what goes between them is
 * ordered by virtual time. So only orders within a host are tried, and what links draw.
 */
import { delayKind } from "../Choices.ts"
import type { Decisions } from "./Decisions.ts"
import { DecisionLog, type Script } from "./DecisionLog.ts"
import { Production } from "./Strategy.ts"
import { runTrial, type Scenario, type Trial, type TrialOptions } from "./Trial.ts"

/** By the decision's place among all, from 0. */
type Plan = ReadonlyMap<number, number>

class PlanScript implements Script {
  private readonly plan: Plan
  private index = 0

  constructor(plan: Plan) {
    this.plan = plan
  }

  next(_kind: number, count: number): number {
    return Math.min(this.plan.get(this.index++) ?? 0, count - 1)
  }
}

export interface ExhaustOptions extends Omit<TrialOptions, "strategy" | "log"> {
  readonly deviationsMax: number
  readonly runsMax: number
}

export interface Exhausted {
  readonly runs: number
  /** Whether every run within the bound was tried. */
  readonly isComplete: boolean
  /** The first that failed, with fewest deviations. */
  readonly failed: { readonly trial: Trial; readonly decisions: Decisions } | undefined
}

export const exhaust = (scenario: Scenario, options: ExhaustOptions): Exhausted => {
  const { deviationsMax, runsMax } = options
  let plans: ReadonlyArray<Plan> = [new Map()]
  let runs = 0
  for (let level = 0; ; level++) {
    const next: Array<Plan> = []
    for (const plan of plans) {
      if (runs === runsMax) return { runs, isComplete: false, failed: undefined }
      runs++
      const log = new DecisionLog(new PlanScript(plan))
      const trial = runTrial(scenario, { ...options, strategy: Production(), log })
      const decisions = log.decisions()
      if (trial.failure !== undefined) {
        return { runs, isComplete: false, failed: { trial, decisions } }
      }
      // What will never be run need not be planned.
      const room = runsMax - runs - next.length
      if (level < deviationsMax && room > 0) next.push(...extend(plan, decisions, room))
    }
    if (next.length === 0) return { runs, isComplete: level >= deviationsMax, failed: undefined }
    plans = next
  }
}

/** A decision among more is no order but a number, as the first port: it stays the mildest. */
const outcomesMax = 32

// With one deviation more, after the last: so no two plans are the same. At most `room` of them,
// and one beyond, which tells that there were more.
const extend = (plan: Plan, { entries }: Decisions, room: number): ReadonlyArray<Plan> => {
  const after = Math.max(-1, ...plan.keys())
  const plans: Array<Plan> = []
  let index = 0
  for (const { count, kind, run } of entries) {
    const end = index + run
    if (kind === delayKind || count > outcomesMax) index = end
    for (index = Math.max(index, Math.min(end, after + 1)); index < end; index++) {
      for (let value = 1; value < count; value++) {
        if (plans.length > room) return plans
        plans.push(new Map([...plan, [index, value]]))
      }
    }
  }
  return plans
}
