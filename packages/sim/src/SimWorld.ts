/**
 * Programs on several hosts, in one world: each host with its own loop, clock, random numbers, disk
 * and network stack. Hosts crash and start anew, and networks fail, as a scenario has it.
 */
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { WorldOptions } from "./hosts/WorldOptions.ts"
import { provide, type Scenario } from "./hosts/WorldService.ts"
import { WorldSimulation } from "./hosts/WorldSimulation.ts"
import { type Halt, Launch } from "./Launch.ts"
import { Pump } from "./Pump.ts"
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
export {
  type HostOptions,
  provide,
  type Scenario,
  type SwarmOptions,
  World
} from "./hosts/WorldService.ts"
export type { WorldOptions } from "./hosts/WorldOptions.ts"
export type { FaultFamily, FaultProfile } from "./fault/FaultProfile.ts"
export type { HostState } from "./hosts/Machine.ts"
export type { EscapePolicy } from "./escape/Escapes.ts"
export { EscapeError } from "./escape/EscapeError.ts"
export type { IoKind } from "./kernel/IoEvents.ts"
export type { PacketView, Rule, RuleVerdict } from "./kernel/Network.ts"

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
      const pump = new Pump(simulation.guarded, fiber.currentDispatcher, (stop) => {
        if (stop !== "over") finish(launch.settle(stop)!)
      })
      const launch = new Launch(simulation, provide(simulation, scenario), () =>
        finish(launch.exit!)
      )
      return Effect.callback<void>((resumed) => launch.interrupt(() => resumed(Effect.void)))
    })
  )

/**
 * As `run`, within this call. Native promises settle in it only if `options.host` is given; else
 * who awaits one is deadlocked.
 */
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

const runToHalt = ({ guarded }: WorldSimulation): Halt => {
  try {
    const stop = guarded.run(Infinity, Infinity)
    return stop === "stepLimit" || stop === "timeLimit" ? stop : "stuck"
  } catch (thrown) {
    return { thrown }
  }
}
