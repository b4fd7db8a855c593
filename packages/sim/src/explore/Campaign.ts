/** The runs of one exploration: one seed after the other, and what is known after each. */
import type { World } from "../World.ts"
import { DecisionLog } from "./DecisionLog.ts"
import type { Decisions } from "./Decisions.ts"
import { withHolders } from "./holders.ts"
import { type Portfolio, strategyOf } from "./Portfolio.ts"
import { Production } from "./Production.ts"
import * as Strategy from "./Strategy.ts"
import { runTrial, type Scenario, type Trial, type TrialOptions } from "./Trial.ts"
import { type Failure, fingerprint } from "./Verdict.ts"

/** A run that failed, and all that is needed to have it again. */
export interface Found {
  readonly seed: number
  readonly strategy: Strategy.Strategy
  readonly failure: Failure
  readonly decisions: Decisions
  readonly steps: number
  readonly nanos: number
  readonly hash: number
}

export interface CampaignOptions extends Omit<TrialOptions, "seed" | "strategy" | "log"> {
  readonly strategy: Portfolio | Strategy.Strategy
  /** Its run in production order says how long runs are. */
  readonly seed: number
}

/** Of so many passing runs, one is run twice. */
const passesPerCheck = 100

export class Campaign {
  runs = 0
  steps = 0
  nanos = 0
  commits = 0
  faults = 0
  readonly hashes = new Set<number>()
  readonly places = new Map<string, boolean>()
  /** In order of their seeds. */
  readonly found: Array<Found> = []
  private readonly scenario: Scenario
  private readonly options: CampaignOptions
  private choicePoints = 0

  constructor(scenario: Scenario, options: CampaignOptions) {
    this.scenario = scenario
    this.options = options
  }

  /** Runs `seed`, twice if it fails. */
  run(seed: number): void {
    const strategy = this.strategyOf(seed)
    const trial = this.try(seed, strategy)
    this.add(trial)
    if (trial.failure === undefined && seed % passesPerCheck !== 0) return
    const log = new DecisionLog()
    const again = this.try(seed, strategy, log)
    const failure = sameEnd(trial, again) ? trial.failure : unstable(trial, again)
    if (failure === undefined) return
    const { hash, nanos, steps } = trial
    const decisions = log.decisions()
    const told = withHolders(this.scenario, { ...this.options, seed }, decisions, failure)
    this.found.push({ seed, strategy, failure: told, decisions, steps, nanos, hash })
  }

  private try(seed: number, strategy: Strategy.Strategy, log?: DecisionLog): Trial {
    const options = { ...this.options, seed, strategy, log }
    if (strategy._tag !== "Urw") return runTrial(this.scenario, options)
    const { stepsByStrand } = this.count(seed)
    return runTrial(this.scenario, { ...options, stepsByStrand })
  }

  private strategyOf(seed: number): Strategy.Strategy {
    const { strategy } = this.options
    if (typeof strategy !== "string") return strategy
    this.choicePoints ||= Math.max(1, this.count(this.options.seed).choicePoints)
    return strategyOf(strategy, seed, this.choicePoints)
  }

  // A run in production order, for what it counts.
  private count(seed: number): Production {
    const { options, scenario } = this
    let counted = new Production()
    const policy = (world: World) => (counted = new Production(() => world.lanes.size > 0))
    runTrial(scenario, { ...options, seed, strategy: Strategy.Production(), policy })
    return counted
  }

  private add({ commits, faults, hash, nanos, places, steps }: Trial): void {
    this.runs++
    this.steps += steps
    this.nanos += nanos
    this.commits += commits
    this.faults += faults
    if (this.hashes.size < hashesMax) this.hashes.add(hash)
    for (const [label, isHit] of places) {
      if (isHit || !this.places.has(label)) this.places.set(label, isHit)
    }
  }
}

/** Distinct runs are counted up to here. */
const hashesMax = 1_000_000

const sameEnd = (first: Trial, second: Trial): boolean =>
  first.hash === second.hash && endOf(first) === endOf(second)

const endOf = ({ failure }: Trial): string => (failure === undefined ? "" : fingerprint(failure))

const unstable = (first: Trial, second: Trial): Failure => {
  const say = (trial: Trial) =>
    `${trial.steps} steps, hash ${trial.hash}, ${endOf(trial) || "passed"}`
  const message =
    "A second run of this seed went otherwise, so the program depends on something that is not " +
    `simulated: ${say(first)}; then ${say(second)}`
  return { reason: "unstable", label: "", message }
}
