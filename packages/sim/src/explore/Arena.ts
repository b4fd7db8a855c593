/** Where one run takes place: a host of its own, or a world of several. */
import { EventLoop } from "@portico/core/EventLoop"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { WorldOptions } from "../hosts/WorldOptions.ts"
import { WorldSimulation } from "../hosts/WorldSimulation.ts"
import { type LaunchSite, provide } from "../Launch.ts"
import type { Progress } from "../Sim.ts"
import { type Services, Simulation } from "../Simulation.ts"
import { provide as provideWorld, type Scenario as WorldProgram } from "../SimWorld.ts"
import type { Exploration } from "../World.ts"
import type { Stop } from "../WorldLoop.ts"
import type { Inhabitant } from "./Ending.ts"

/** Runs on one host. */
export type HostScenario = Effect.Effect<unknown, unknown, Services>

/** Runs a world of several hosts: see `SimWorld`. */
export interface WorldScenario {
  readonly world: WorldProgram<unknown, unknown>
  /** Of its world, under what the exploration says itself. */
  readonly options?: Omit<WorldOptions, "seed" | "order" | "stepsMax"> | undefined
}

/**
 * A program that succeeds unless something is wrong, on one host or of several. It has
 * to be the same in every run.
 */
export type Scenario = HostScenario | WorldScenario

export interface Arena {
  readonly site: LaunchSite
  /** What is launched: the scenario, with what it needs. */
  readonly program: Effect.Effect<unknown, unknown>
  /** What was left over when the scenario had ended. */
  readonly leaks: ReadonlyArray<string>
  /** Faults that struck. */
  readonly faults: () => number
  /** Live fibers: first those of hosts, then the scenario's. */
  readonly inhabitants: () => ReadonlyArray<Inhabitant>
  run(stepsMax: number): Stop
  end(): void
  progress(): Progress
}

export const open = (
  scenario: Scenario,
  options: WorldOptions,
  exploration: Exploration,
  allowLeaks: boolean
): Arena =>
  "world" in scenario
    ? openWorld(scenario, options, exploration)
    : openHost(scenario, options, exploration, allowLeaks)

const openWorld = (
  scenario: WorldScenario,
  options: WorldOptions,
  exploration: Exploration
): Arena => {
  const simulation = new WorldSimulation({ ...scenario.options, ...options }, exploration)
  const { cluster } = simulation
  return {
    site: simulation,
    program: provideWorld(simulation, scenario.world),
    leaks: [],
    faults: () => simulation.struck,
    inhabitants: () => simulation.inhabitants(),
    run: (stepsMax) => simulation.guarded.run(stepsMax, Infinity),
    end: () => cluster.end(),
    progress: () => simulation.progress()
  }
}

const openHost = (
  scenario: HostScenario,
  options: WorldOptions,
  exploration: Exploration,
  allowLeaks: boolean
): Arena => {
  const simulation = new Simulation(options, exploration)
  const { world } = simulation
  const scheduling = world.scheduling!
  // How the services come up is not the scenario's, and would be most of the decisions.
  scheduling.isActive = false
  const begin = Effect.sync(() => void (scheduling.isActive = true))
  const begun = Effect.andThen(begin, scenario)
  const leaks: Array<string> = []
  const program = allowLeaks ? begun : watched(begun, simulation, leaks)
  return {
    site: simulation,
    program: provide(simulation, Context.empty(), program),
    leaks,
    faults: () => 0,
    inhabitants: () => simulation.inhabitants(),
    run: (stepsMax) => simulation.guarded.run(stepsMax, Infinity),
    end: () => world.end(),
    progress: () => simulation.progress()
  }
}

// A child, so that its own children have ended before anybody looks for what is left over.
const watched = (
  scenario: HostScenario,
  simulation: Simulation,
  leaks: Array<string>
): HostScenario =>
  Effect.withFiber((self) => Effect.gen(() => watch(scenario, simulation, leaks, self)))

/** Longer than any task is held back; what was told to end has ended by then. */
const grace = "3 seconds"

function* watch(
  scenario: HostScenario,
  simulation: Simulation,
  leaks: Array<string>,
  self: Fiber.Fiber<unknown, unknown>
) {
  const loop = yield* EventLoop
  const { fibers } = simulation.world
  const before = new Set<unknown>([self, ...(yield* loop.handles), ...fibers.alive()])
  const isLeft = (one: unknown) => !before.has(one)
  const child = yield* Effect.forkChild(scenario, { startImmediately: true })
  const exit = yield* Fiber.await(child)
  const hasLeft = Effect.map(
    loop.handles,
    (handles) => handles.some(isLeft) || fibers.alive().some(isLeft)
  )
  if ((yield* hasLeft) && Exit.isSuccess(exit)) {
    yield* Effect.sleep(grace)
    const handles = (yield* loop.handles).filter(isLeft)
    leaks.push(...handles.map(({ id, kind }) => `${kind} ${id}`))
    if (fibers.alive().some(isLeft)) leaks.push(...simulation.describeFibers())
  }
  return yield* exit
}
