/** One run of a scenario in a world of its own, and what came of it. */
import { EventLoop } from "@portico/core/EventLoop"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { type Halt, Launch, provide } from "../Launch.ts"
import type { Progress } from "../Sim.ts"
import type { SimOptions } from "../SimOptions.ts"
import { type Services, Simulation } from "../Simulation.ts"
import type { World } from "../World.ts"
import type { TraceSink } from "../trace/TraceSink.ts"
import { nameOf } from "./decisionNames.ts"
import type { DecisionLog } from "./DecisionLog.ts"
import type { Policy } from "./Policy.ts"
import { policyOf } from "./policyOf.ts"
import { RandomWalk } from "./RandomWalk.ts"
import type { Strategy } from "./Strategy.ts"
import { broken, type Failure, failureOf, fingerprint } from "./Verdict.ts"

/** A program that succeeds unless something is wrong. It has to be the same in every run. */
export type Scenario = Effect.Effect<unknown, unknown, Services>

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
  /** Of the world, but for what is above. */
  readonly world: Omit<SimOptions, "seed" | "order" | "stepsMax">
}

export interface Trial extends Progress {
  readonly failure: Failure | undefined
  readonly commits: number
  /** See `Probe.sometimes`. */
  readonly places: ReadonlyMap<string, boolean>
}

/** Within this call. Native promises do not settle in it. */
export const runTrial = (scenario: Scenario, options: TrialOptions): Trial => {
  const { log, seed, stepsMax, strategy } = options
  const policy =
    options.policy ?? ((world: World) => policyOf(strategy, world, options.stepsByStrand ?? []))
  const simulation = new Simulation({ ...options.world, seed, stepsMax }, { policy, log })
  const { world } = simulation
  const { probe } = world
  probe.isExploring = true
  if (log !== undefined && world.trace !== undefined) tellDecisions(log, world.trace)
  const leaks: Array<string> = []
  const { scheduling } = world
  // How the services come up is not the scenario's, and would be most of the decisions.
  scheduling!.isActive = false
  const begin = Effect.sync(() => void (scheduling!.isActive = true))
  const begun = Effect.andThen(begin, scenario)
  const program = options.allowLeaks ? begun : watched(begun, simulation, leaks)
  const provided = provide(simulation, Context.empty(), program)
  const launch = new Launch(simulation, provided, () => world.end())
  const exit = runToEnd(simulation, launch, stepsMax)
  const { commits, places, violation } = probe
  const failure = violation === undefined ? judge(exit, leaks) : broken(violation)
  if (failure !== undefined) world.trace?.record("violation", { text: fingerprint(failure) })
  world.end()
  return { failure, commits, places, ...simulation.progress() }
}

const tellDecisions = (log: DecisionLog, trace: TraceSink): void => {
  let number = 0
  log.onDeviation = ({ count, kind, value }) =>
    trace.record("decision", { stream: nameOf(kind), choice: value, count, number: ++number })
}

const judge = (exit: Exit.Exit<unknown, unknown>, leaks: ReadonlyArray<string>) => {
  if (Exit.isFailure(exit)) return failureOf(exit.cause)
  if (leaks.length === 0) return undefined
  const message = ["Left over when the program had ended:", ...leaks].join("\n  ")
  return { reason: "leak", label: "", message } as const
}

// A child, so that its own children have ended before anybody looks for what is left over.
const watched = (scenario: Scenario, simulation: Simulation, leaks: Array<string>): Scenario =>
  Effect.withFiber((self) =>
    Effect.gen(function* () {
      const loop = yield* EventLoop
      const { world } = simulation
      const before = new Set<unknown>(yield* loop.handles)
      const fibersBefore = new Set(world.fibers.alive())
      const exit = yield* Effect.flatMap(
        Effect.forkChild(scenario, { startImmediately: true }),
        Fiber.await
      )
      for (const handle of yield* loop.handles) {
        if (!before.has(handle)) leaks.push(`${handle.kind} ${handle.id}`)
      }
      const isLeft = world.fibers.alive().some((one) => one !== self && !fibersBefore.has(one))
      if (isLeft) leaks.push(...simulation.describeFibers())
      return yield* exit
    })
  )

const runToEnd = (
  simulation: Simulation,
  launch: Launch<unknown, unknown>,
  stepsMax: number
): Exit.Exit<unknown, unknown> => {
  const { probe, scheduling, choices } = simulation.world
  let isFair = false
  let commits = 0
  for (;;) {
    const halt = runToHalt(simulation)
    if (launch.exit !== undefined) return launch.exit
    if (probe.violation !== undefined) return Exit.die(probe.violation)
    if (halt === "stepLimit" && !isFair) {
      // Only a fair schedule tells a program that does not end from one that was never let.
      isFair = true
      commits = probe.commits
      scheduling!.change(new RandomWalk(choices.schedule, 0))
      simulation.world.allowMore(stepsMax, 0)
      continue
    }
    if (halt === "stepLimit" && probe.commits === commits) {
      return Exit.die(simulation.halt("livelock"))
    }
    const exit = launch.settle(halt)
    if (exit !== undefined) return exit
  }
}

const runToHalt = ({ world }: Simulation): Halt => {
  try {
    const stop = world.run(Infinity, Infinity)
    return stop === "stepLimit" || stop === "timeLimit" || stop === "stuck" ? stop : "notAlive"
  } catch (thrown) {
    return { thrown }
  }
}
