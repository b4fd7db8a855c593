/** A program run to its end in a world of its own. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import { type Halt, Launch, provide } from "./Launch.ts"
import { Pump } from "./Pump.ts"
import type { Progress } from "./Sim.ts"
import type { SimOptions } from "./SimOptions.ts"
import { type Services, Simulation } from "./Simulation.ts"

/**
 * The result of `program`, run in a fresh world. Dies with `SimHalt` when the world halts first;
 * then the program's fibers stay where they are, as those of a killed process, and no finalizer
 * runs. Fibers that outlive the program go the same way.
 *
 * When everything that is open was unref'd and nothing else keeps the loop alive, the program is
 * interrupted instead, and its finalizers run, as by the hosts' `runMain`.
 *
 * Native promises may be awaited as far as they need nothing but turns of the host. Interruption
 * interrupts the program, and waits until it has ended.
 */
export const run = <A, E, R>(
  program: Effect.Effect<A, E, R>,
  options: SimOptions
): Effect.Effect<A, E, Exclude<R, Services>> =>
  Effect.contextWith((outer: Context.Context<Exclude<R, Services>>) =>
    Effect.withFiber((fiber) =>
      Effect.callback<A, E>((resume) => {
        const simulation = new Simulation(options)
        const finish = (exit: Exit.Exit<A, E>) => {
          pump.stop(false)
          resume(exit)
        }
        const pump = new Pump(simulation.guarded, fiber.currentDispatcher, (stop) => {
          const exit = stop === "over" ? undefined : launch.settle(stop)
          if (exit !== undefined) finish(exit)
        })
        const provided = provide(simulation, outer, program)
        const launch = new Launch(simulation, provided, () => finish(launch.exit!))
        return Effect.callback<void>((resumed) => launch.interrupt(() => resumed(Effect.void)))
      })
    )
  )

/** What came of a run, and how far the world got. */
export interface SimRun<A, E> extends Progress {
  readonly exit: Exit.Exit<A, E>
}

/**
 * As `run`, within this call. Native promises settle in it only if `options.host` is given; else
 * who awaits one is deadlocked.
 */
export const simulate = <A, E>(
  program: Effect.Effect<A, E, Services>,
  options: SimOptions
): SimRun<A, E> => {
  const simulation = new Simulation(options)
  const { world } = simulation
  const provided = provide(simulation, Context.empty(), program)
  const launch = new Launch(simulation, provided, () => world.end())
  let exit: Exit.Exit<A, E> | undefined
  while (exit === undefined) {
    const halt = runToHalt(simulation)
    exit = launch.exit ?? launch.settle(halt)
  }
  world.end()
  return { exit, ...simulation.progress() }
}

const runToHalt = ({ guarded }: Simulation): Halt => {
  try {
    const stop = guarded.run(Infinity, Infinity)
    // Those that are left out mean that it has to be run on, or that the program has ended.
    return stop === "stepLimit" || stop === "timeLimit" || stop === "stuck" ? stop : "notAlive"
  } catch (thrown) {
    return { thrown }
  }
}
