/** Runs a scenario in many worlds, to find one in which it fails; then what that failure needs. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { Campaign, type CampaignOptions, type Found } from "./explore/Campaign.ts"
import { exhaust, type Exhausted } from "./explore/Exhaust.ts"
import { minimize, type Minimum } from "./explore/Minimum.ts"
import type { Portfolio } from "./explore/Portfolio.ts"
import type { Replay } from "./explore/Replay.ts"
import { type Rerun, rerun } from "./explore/Rerun.ts"
import * as Strategy from "./explore/Strategy.ts"
import type { Scenario } from "./explore/Trial.ts"
import { fingerprint } from "./explore/Verdict.ts"
import type { WorldOptions } from "./hosts/WorldOptions.ts"

export type { Found } from "./explore/Campaign.ts"
export type { Exhausted } from "./explore/Exhaust.ts"
export type { Minimum } from "./explore/Minimum.ts"
export type { Portfolio } from "./explore/Portfolio.ts"
export type { Likeness, Rerun } from "./explore/Rerun.ts"
export type { HostScenario, Scenario, WorldScenario } from "./explore/Arena.ts"
export { type Failure, type FailureReason, fingerprint } from "./explore/Verdict.ts"

export interface ExploreOptions {
  /** Of the first run; the next ones count up from it. An integer >= 0. Default 1. */
  readonly seed?: number | undefined
  /** At most so many runs, 1 or more. Default 200. */
  readonly runs?: number | undefined
  /** No run starts once so much time of the host has passed. Default: none. */
  readonly budget?: Duration.Input | undefined
  /** Default `portfolio`. */
  readonly strategy?: Portfolio | Strategy.Strategy | undefined
  /** It ends after so many runs that failed, 1 or more. Default 1. */
  readonly failuresMax?: number | undefined
  /** Runs only one share of the seeds: at `index`, `index` + `count` and so on. Default all. */
  readonly shard?: { readonly index: number; readonly count: number } | undefined
  /** Steps of one run after which it counts as endless, 1 or more. Default 100,000. */
  readonly stepsMax?: number | undefined
  /**
   * Whether handles and fibers may be left over when the scenario has ended, and on hosts when a
   * program has. Those of a host's program that still runs then are its own. Default false.
   */
  readonly allowLeaks?: boolean | undefined
  /** The worlds. */
  readonly world?: Omit<WorldOptions, "seed" | "order" | "stepsMax"> | undefined
  /** Told after each run, for a line of progress. */
  readonly onRun?: ((report: Report) => void) | undefined
}

export interface Report {
  readonly runs: number
  /** Runs that differ in any step, counted up to a million. */
  readonly distinct: number
  readonly steps: number
  /** Virtual nanoseconds of all runs. */
  readonly nanos: number
  /** See `Probe.committed`. */
  readonly commits: number
  /** That struck, in worlds of several hosts. */
  readonly faults: number
  /** Each label of `Probe.sometimes` that a run came to, and whether its condition ever held. */
  readonly places: ReadonlyMap<string, boolean>
  /** The runs that failed, by their seeds. Each was run twice. */
  readonly found: ReadonlyArray<Found>
}

/**
 * Runs `scenario` with one seed after the other, each in a world of its own, and each failing one
 * twice. Never fails: what was found is in the report. Equal options give equal reports, on Node
 * and on Bun, unless a budget cuts them short. Between runs other fibers of the host may run;
 * interruption ends it there. Native promises settle within a run only if `world.host` is given.
 */
export const explore = (scenario: Scenario, options: ExploreOptions = {}): Effect.Effect<Report> =>
  Effect.gen(function* () {
    const campaign = new Campaign(scenario, toCampaign(options))
    const budget = Duration.toMillis(options.budget ?? Duration.infinity)
    const started = yield* Clock.currentTimeMillis
    // Promises settle within a run only in a macrotask of the host's.
    yield* Effect.yieldNow
    for (const seed of seedsOf(options)) {
      if (campaign.runs > 0 && (yield* Clock.currentTimeMillis) - started >= budget) break
      campaign.run(seed)
      options.onRun?.(reportOf(campaign))
      if (campaign.found.length >= (options.failuresMax ?? 1)) break
      yield* Effect.yieldNow
    }
    return reportOf(campaign)
  })

/** `explore` within this call, without a budget. */
export const exploreSync = (
  scenario: Scenario,
  options: Omit<ExploreOptions, "budget"> = {}
): Report => {
  const campaign = new Campaign(scenario, toCampaign(options))
  for (const seed of seedsOf(options)) {
    campaign.run(seed)
    options.onRun?.(reportOf(campaign))
    if (campaign.found.length >= (options.failuresMax ?? 1)) break
  }
  return reportOf(campaign)
}

/**
 * What a run that was found needs to fail: every decision that it does not need is the mildest. In
 * at most 500 runs, within this call. Not for those that are `unstable`.
 */
export const shrink = (scenario: Scenario, found: Found, options: ExploreOptions = {}): Minimum =>
  minimize(scenario, found, toCampaign(options))

export interface ExhaustiveOptions extends Pick<
  ExploreOptions,
  "seed" | "stepsMax" | "allowLeaks" | "world"
> {
  /** Decisions that may be other than the mildest. Default 2. */
  readonly deviationsMax?: number | undefined
  /** Default 100,000. */
  readonly runsMax?: number | undefined
}

/**
 * Every run of one seed that has at most `deviationsMax` decisions which are not the mildest, in
 * order of their number, until one fails. A program that passes a complete one has no bug that so
 * few preemptions and reorderings bring out. Each deviation more multiplies the runs by the number
 * of decisions. Decisions among more than 32 outcomes stay the mildest, and nobody is starved.
 * Within this call.
 */
export const exhaustive = (scenario: Scenario, options: ExhaustiveOptions = {}): Exhausted =>
  exhaust(scenario, {
    ...toCampaign(options),
    deviationsMax: options.deviationsMax ?? 2,
    runsMax: options.runsMax ?? 100_000
  })

/** The run of `replay` once more, on whatever host it was recorded. Within this call. */
export const replay = (scenario: Scenario, recorded: Replay, options: ExploreOptions = {}): Rerun =>
  rerun(scenario, recorded, toCampaign(options))

/** What is to be kept of a failing run, whole or shrunk. */
export const toReplay = (
  name: string,
  found: Found,
  run: Pick<Minimum, "decisions" | "steps" | "nanos" | "hash"> = found
): Replay => ({
  name,
  seed: found.seed,
  strategy: Strategy.format(found.strategy),
  fingerprint: fingerprint(found.failure),
  steps: run.steps,
  nanos: run.nanos,
  hash: run.hash,
  context: {},
  decisions: run.decisions
})

const toCampaign = (options: ExploreOptions): CampaignOptions => ({
  seed: options.seed ?? 1,
  strategy: options.strategy ?? "portfolio",
  stepsMax: options.stepsMax ?? 100_000,
  allowLeaks: options.allowLeaks ?? false,
  world: options.world ?? {}
})

function* seedsOf(options: ExploreOptions): Generator<number> {
  const { runs = 200, seed = 1, shard = { index: 0, count: 1 } } = options
  for (let run = shard.index; run < runs; run += shard.count) yield seed + run
}

const reportOf = (campaign: Campaign): Report => {
  const { commits, faults, found, hashes, nanos, places, runs, steps } = campaign
  return { runs, distinct: hashes.size, steps, nanos, commits, faults, places, found }
}
