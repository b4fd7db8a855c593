/**
 * Programs on several hosts, in one world: each host with its own loop, clock, random numbers, disk
 * and network stack. Hosts crash and start anew, and networks fail, as a scenario has it.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
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
export type { HostState } from "./hosts/Machine.ts"
export type { IoKind } from "./kernel/IoEvents.ts"
export type { PacketView, Rule, RuleVerdict } from "./kernel/Network.ts"

export interface HostOptions {
  /** IP literals, beside loopback. Default: one, of 10.0.0.0/16. */
  readonly addresses?: ReadonlyArray<string> | undefined
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

const provide = <A, E>(simulation: WorldSimulation, scenario: Scenario<A, E>) =>
  Effect.scoped(scenario).pipe(
    Effect.provideService(World, make(simulation)),
    Effect.provideContext(simulation.references)
  )

const make = (simulation: WorldSimulation): Context.Service.Shape<typeof World> => {
  const numbers = new Map<HostHandle.HostHandle, number>()
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
