/** Where one run takes place: a host of its own, or a world of several. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { WorldOptions } from "../hosts/WorldOptions.ts"
import { WorldSimulation } from "../hosts/WorldSimulation.ts"
import { type LaunchSite, provide } from "../Launch.ts"
import type { Progress } from "../Sim.ts"
import { type Services, Simulation } from "../Simulation.ts"
import { provide as provideWorld, type Scenario as WorldProgram } from "../SimWorld.ts"
import type { Exploration } from "../World.ts"
import type { Stop } from "../loop/WorldLoop.ts"
import type { Inhabitant } from "./Ending.ts"
import { Leaks } from "./Leaks.ts"

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
    ? openWorld(scenario, options, exploration, allowLeaks)
    : openHost(scenario, options, exploration, allowLeaks)

const openWorld = (
  scenario: WorldScenario,
  options: WorldOptions,
  exploration: Exploration,
  allowLeaks: boolean
): Arena => {
  const leaks = new Leaks()
  const watching = allowLeaks ? undefined : leaks
  const settings = { ...scenario.options, ...options }
  const simulation = new WorldSimulation(settings, exploration, watching)
  const { cluster } = simulation
  const program = provideWorld(simulation, scenario.world)
  const looked = Effect.tap(program, () => leaks.look(() => simulation.rests()))
  return {
    site: simulation,
    program: allowLeaks ? program : Effect.provideContext(looked, simulation.references),
    leaks: leaks.found,
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
  const leaks = new Leaks()
  const program = allowLeaks ? begun : leaks.watch(begun, simulation, "")
  return {
    site: simulation,
    program: provide(simulation, Context.empty(), program),
    leaks: leaks.found,
    faults: () => 0,
    inhabitants: () => simulation.inhabitants(),
    run: (stepsMax) => simulation.guarded.run(stepsMax, Infinity),
    end: () => world.end(),
    progress: () => simulation.progress()
  }
}
