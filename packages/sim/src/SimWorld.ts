/**
 * Programs on several hosts, in one world: each host with its own loop, clock, random numbers, disk
 * and network stack. Hosts crash and start anew, and networks fail, as a scenario has it.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import { draw, families, type FaultFamily, type FaultProfile } from "./fault/FaultProfile.ts"
import { unleash } from "./fault/nemesis.ts"
import * as HostHandle from "./hosts/HostHandle.ts"
import * as NetControl from "./hosts/NetControl.ts"
import type { WorldOptions } from "./hosts/WorldOptions.ts"
import { WorldSimulation } from "./hosts/WorldSimulation.ts"
import { type Halt, Launch } from "./Launch.ts"
import { Pump } from "./Pump.ts"
import type { Progress, SimHost } from "./Sim.ts"
import { toNanos } from "./SimClock.ts"
import type { SimRun } from "./SimRun.ts"

export type {
  CrashOptions,
  HostClock,
  HostFault,
  HostHandle,
  IoPoint,
  Signal
} from "./hosts/HostHandle.ts"
export { HostGone } from "./hosts/HostHandle.ts"
export type { Hosts, LinkFaults, NetControl, PartitionOptions } from "./hosts/NetControl.ts"
export type { WorldOptions } from "./hosts/WorldOptions.ts"
export type { FaultFamily, FaultProfile } from "./fault/FaultProfile.ts"
export type { HostState } from "./hosts/Machine.ts"
export type { IoKind } from "./kernel/IoEvents.ts"
export type { PacketView, Rule, RuleVerdict } from "./kernel/Network.ts"

export interface HostOptions {
  /** IP literals, beside loopback. Default: one, of 10.0.0.0/16. */
  readonly addresses?: ReadonlyArray<string> | undefined
}

export interface SwarmOptions {
  /** Those that may be drawn. Default: all. */
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
     * lost. Default: all hosts. So a scenario can go from safety, under faults, to liveness: what
     * should come about in the end, has to now.
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

/**
 * The result of `scenario`, run in a fresh world. Dies with `SimHalt` when the world halts first.
 * When it ends, its scope is closed and the world is over: what still runs on hosts stays where it
 * is, and no finalizer of it runs.
 *
 * Native promises may be awaited as far as they need nothing but turns of the host. Interruption
 * interrupts the scenario, and waits until it has ended.
 */
export const run = <A, E>(scenario: Scenario<A, E>, options: WorldOptions): Effect.Effect<A, E> =>
  Effect.withFiber((fiber) =>
    Effect.callback<A, E>((resume) => {
      const simulation = new WorldSimulation(options)
      const finish = (exit: Exit.Exit<A, E>) => {
        pump.stop(false)
        resume(exit)
      }
      const pump = new Pump(simulation.cluster, fiber.currentDispatcher, (stop) => {
        if (stop !== "over") finish(launch.settle(stop)!)
      })
      const launch = new Launch(simulation, provide(simulation, scenario), () =>
        finish(launch.exit!)
      )
      return Effect.callback<void>((resumed) => launch.interrupt(() => resumed(Effect.void)))
    })
  )

/** As `run`, within this call. Native promises cannot settle in it: who awaits one is deadlocked. */
export const simulate = <A, E>(scenario: Scenario<A, E>, options: WorldOptions): SimRun<A, E> => {
  const simulation = new WorldSimulation(options)
  const { cluster } = simulation
  const launch = new Launch(simulation, provide(simulation, scenario), () => cluster.end())
  const halt = runToHalt(simulation)
  const exit = launch.exit ?? launch.settle(halt)!
  cluster.end()
  return { exit, ...simulation.progress() }
}

/** How `run` ends, within this call. See `simulate` for what that cannot do. */
export const runSync = <A, E>(scenario: Scenario<A, E>, options: WorldOptions): Exit.Exit<A, E> =>
  simulate(scenario, options).exit

const runToHalt = ({ cluster }: WorldSimulation): Halt => {
  try {
    const stop = cluster.run(Infinity, Infinity)
    return stop === "stepLimit" || stop === "timeLimit" ? stop : "stuck"
  } catch (thrown) {
    return { thrown }
  }
}

/** `scenario` with its world, ready to be launched. */
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
        const draws = simulation.cluster.choices.fault
        const profile = draw(draws, options.families ?? families)
        const downMax = options.downMax ?? Math.floor((machines.length - 1) / 2)
        return Effect.as(unleash({ draws, network, profile, machines, downMax }), profile)
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
