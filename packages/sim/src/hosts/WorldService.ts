/** The `World` service: what a scenario arranges a world by. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { draw, families, type FaultFamily, type FaultProfile } from "../fault/FaultProfile.ts"
import { unleash } from "../fault/nemesis.ts"
import type { Progress, SimHost } from "../Sim.ts"
import { toNanos } from "../effect/SimClock.ts"
import * as HostHandle from "./HostHandle.ts"
import * as NetControl from "./NetControl.ts"
import type { WorldSimulation } from "./WorldSimulation.ts"

export interface HostOptions {
  /** IP literals, beside loopback. Default: one, of 10.0.0.0/16. */
  readonly addresses?: ReadonlyArray<string> | undefined
}

export interface SwarmOptions {
  /** Those that may be drawn. Default: all but `names`. */
  readonly families?: ReadonlyArray<FaultFamily> | undefined
  /** Whom crashes, pauses, clocks and disks strike. Default: all hosts that there are. */
  readonly hosts?: ReadonlyArray<HostHandle.HostHandle> | undefined
  /** Hosts that may be down at the same time. Default: less than half of those it may strike. */
  readonly downMax?: number | undefined
}

export class World extends Context.Service<
  World,
  {
    readonly seed: number
    readonly progress: Effect.Effect<Progress>
    /**
     * Adds a host, powered on, on which nothing runs. Its name is known to every host's `Resolver`.
     * Dies when the name or an address is taken.
     */
    readonly host: (name: string, options?: HostOptions) => Effect.Effect<HostHandle.HostHandle>
    readonly net: NetControl.NetControl
    /**
     * Faults of all families, or of those that are allowed; which of them, how bad, where and when
     * is drawn from the seed. They end with the scope, but that a crashed host is restarted when
     * its time has come, and that clocks stay as they are: see `heal`. Gives what was drawn.
     */
    readonly swarm: (options?: SwarmOptions) => Effect.Effect<FaultProfile, never, Scope.Scope>
    /**
     * Ends all faults, by whomever: links between these hosts are as in the beginning, clocks are
     * right, disks fast, paused processes go on, and crashed ones are restarted. What was lost is
     * lost. Default: all hosts; then no strategy holds a fiber's task back any more, for the rest
     * of the run. So a scenario can go from safety, under faults, to liveness: what should come
     * about in the end, has to now.
     */
    readonly heal: (hosts?: ReadonlyArray<HostHandle.HostHandle>) => Effect.Effect<void>
    /** Faults that struck so far: packets, crashes, pauses, clocks, operations of disks. */
    readonly struck: Effect.Effect<number>
    /** How the hosts' resolvers answer for a name, until the scope closes. */
    readonly setName: (name: string, answer: SimHost) => Effect.Effect<void, never, Scope.Scope>
  }
>()("@portico/sim/World") {}

/** What runs a world: it is on no host, and nothing of it is lost when one crashes. */
export type Scenario<A, E> = Effect.Effect<A, E, World | Scope.Scope>

/** A scenario with what it needs of its world; for whoever runs scenarios. */
export const provide = <A, E>(simulation: WorldSimulation, scenario: Scenario<A, E>) =>
  Effect.scoped(scenario).pipe(
    Effect.provideService(World, make(simulation)),
    Effect.provideContext(simulation.references)
  )

const make = (simulation: WorldSimulation): Context.Service.Shape<typeof World> => {
  const numbers = new Map<HostHandle.HostHandle, number>()
  const machineOf = (host: HostHandle.HostHandle) => simulation.machines[numbers.get(host)! - 1]!
  const { network, trace, zone } = simulation
  return {
    seed: simulation.seed,
    progress: Effect.sync(() => simulation.progress()),
    host: (name, { addresses } = {}) =>
      Effect.sync(() => {
        const machine = simulation.addHost(name, addresses)
        const handle = HostHandle.make(machine)
        numbers.set(handle, machine.site.number)
        return handle
      }),
    net: NetControl.make(network, (host) => numbers.get(host)!, trace),
    swarm: (options = {}) =>
      Effect.suspend(() => {
        const machines = options.hosts?.map(machineOf) ?? [...simulation.machines]
        const { fault: draws, names } = simulation.cluster.choices
        const profile = draw(draws, options.families ?? families)
        const downMax = options.downMax ?? Math.floor((machines.length - 1) / 2)
        return Effect.as(unleash({ draws, names, network, profile, machines, downMax }), profile)
      }),
    heal: (hosts) =>
      Effect.sync(() => simulation.heal(hosts?.map(machineOf) ?? simulation.machines)),
    struck: Effect.sync(() => simulation.struck),
    setName: (name, { addresses, delay, failure }) => {
      const delayNanos = delay === undefined ? 0 : toNanos(delay)
      return Effect.asVoid(
        Effect.acquireRelease(
          Effect.sync(() => {
            const before = zone.find(name)
            zone.set(name, { addresses, failure, delayNanos })
            return before
          }),
          (before) => Effect.sync(() => zone.restore(name, before))
        )
      )
    }
  }
}
