/** One run of a scenario in a world of its own, and what came of it. */
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import type { WorldOptions } from "../hosts/WorldOptions.ts"
import { type Halt, Launch } from "../Launch.ts"
import type { Progress } from "../Sim.ts"
import { SimHalt } from "../SimHalt.ts"
import type { TraceSink } from "../trace/TraceSink.ts"
import type { World } from "../World.ts"
import { type Arena, open, type Scenario } from "./Arena.ts"
import { nameOf } from "./decisionNames.ts"
import type { DecisionLog } from "./DecisionLog.ts"
import type { Policy } from "./Policy.ts"
import { policyOf } from "./policyOf.ts"
import { RandomWalk } from "./RandomWalk.ts"
import type { Strategy } from "./Strategy.ts"
import { broken, type Failure, failureOf, fingerprint } from "./Verdict.ts"

export type { Scenario } from "./Arena.ts"

export interface TrialOptions {
  readonly seed: number
  readonly strategy: Strategy
  /** Decides instead of the strategy's own. */
  readonly policy?: ((world: World) => Policy) | undefined
  /** What `Urw` goes by. */
  readonly stepsByStrand?: ReadonlyArray<number> | undefined
  readonly log?: DecisionLog | undefined
  /** Steps after which a fair order takes over, and then again as many until it is given up. */
  readonly stepsMax: number
  readonly allowLeaks: boolean
  /** Called when all wait for what cannot come; what it does there is no part of the run. */
  readonly onDeadlock?: ((arena: Arena) => void) | undefined
  /** Of the world, but for what is above. */
  readonly world: Omit<WorldOptions, "seed" | "order" | "stepsMax">
}

export interface Trial extends Progress {
  readonly failure: Failure | undefined
  readonly commits: number
  /** That struck. */
  readonly faults: number
  /** See `Probe.sometimes`. */
  readonly places: ReadonlyMap<string, boolean>
}

/** Within this call. Native promises do not settle in it. */
export const runTrial = (scenario: Scenario, options: TrialOptions): Trial => {
  const { log, seed, stepsMax, strategy } = options
  const worlds: Array<World> = []
  let isFair = false
  const fair = ({ choices }: World) => new RandomWalk(choices.schedule, 0)
  const becomeFair = () => {
    isFair = true
    for (const world of worlds) world.scheduling!.change(fair(world))
  }
  const policy = (world: World): Policy => {
    worlds.push(world)
    if (isFair) return fair(world)
    return options.policy?.(world) ?? policyOf(strategy, world, options.stepsByStrand ?? [])
  }
  const settings = { ...options.world, seed, stepsMax: stepsMax * 2 }
  const arena = open(scenario, settings, { policy, log }, options.allowLeaks)
  const { probe, trace } = arena.site.world
  probe.isExploring = true
  if (log !== undefined && trace !== undefined) tellDecisions(log, trace)
  let isDead = false
  const launch = new Launch(arena.site, arena.program, () => isDead || arena.end())
  const exit = runToEnd(arena, launch, stepsMax, becomeFair)
  isDead = isDeadlock(exit)
  if (isDead) options.onDeadlock?.(arena)
  const { commits, places, violation } = probe
  const failure = violation === undefined ? judge(exit, arena.leaks) : broken(violation)
  if (failure !== undefined) trace?.record("violation", { text: fingerprint(failure) })
  arena.end()
  return { failure, commits, places, faults: arena.faults(), ...arena.progress() }
}

const isDeadlock = (exit: Exit.Exit<unknown, unknown>): boolean => {
  const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  return error instanceof SimHalt && error.reason === "deadlock"
}

const tellDecisions = (log: DecisionLog, trace: TraceSink): void => {
  let number = 0
  log.onDeviation = ({ count, kind, value }) =>
    trace.record("decision", { stream: nameOf(kind), choice: value, count, number: ++number })
}

const judge = (
  exit: Exit.Exit<unknown, unknown>,
  leaks: ReadonlyArray<string>
): Failure | undefined => {
  if (Exit.isFailure(exit)) return failureOf(exit.cause)
  if (leaks.length === 0) return undefined
  const message = ["Left over when the program had ended:", ...leaks].join("\n  ")
  return { reason: "leak", label: "", message }
}

const runToEnd = (
  arena: Arena,
  launch: Launch<unknown, unknown>,
  stepsMax: number,
  becomeFair: () => void
): Exit.Exit<unknown, unknown> => {
  const { site } = arena
  const { probe } = site.world
  let isFair = false
  let commits = 0
  for (;;) {
    const halt = runToHalt(arena, stepsMax)
    if (launch.exit !== undefined) return launch.exit
    if (probe.violation !== undefined) return Exit.die(probe.violation)
    if (halt === "stepLimit" && !isFair) {
      // Only a fair schedule tells a program that does not end from one that was never let.
      isFair = true
      commits = probe.commits
      becomeFair()
    } else if (halt === "stepLimit" && probe.commits === commits) {
      return Exit.die(site.halt("livelock"))
    } else {
      const exit = launch.settle(halt)
      if (exit !== undefined) return exit
    }
  }
}

const runToHalt = (arena: Arena, stepsMax: number): Halt => {
  try {
    const stop = arena.run(stepsMax)
    if (stop === "paused" || stop === "stepLimit") return "stepLimit"
    return stop === "timeLimit" || stop === "stuck" ? stop : "notAlive"
  } catch (thrown) {
    return { thrown }
  }
}
