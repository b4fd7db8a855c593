/** A program run to its end in a world of its own. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import { Pump, type PumpStop } from "./Pump.ts"
import type { Progress } from "./Sim.ts"
import type { SimOptions } from "./SimOptions.ts"
import { type Services, Simulation } from "./Simulation.ts"

/**
 * The result of `program`, run in a fresh world. Dies with `SimHalt` when the world halts first;
 * then the program's fibers stay where they are, as those of a killed process, and no finalizer
 * runs. Fibers that outlive the program go the same way.
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
        const pump = new Pump(simulation.world, fiber.currentDispatcher, (stop) =>
          finish(Exit.die(defect(simulation, stop)))
        )
        const launched = launch(simulation, outer, program, finish)
        return Effect.callback<void>((resumed) => launched.interrupt(() => resumed(Effect.void)))
      })
    )
  )

/** What came of a run, and how far the world got. */
export interface SimRun<A, E> extends Progress {
  readonly exit: Exit.Exit<A, E>
}

/**
 * As `run`, within this call. Native promises cannot settle in it: who awaits one is deadlocked.
 */
export const simulate = <A, E>(
  program: Effect.Effect<A, E, Services>,
  options: SimOptions
): SimRun<A, E> => {
  const simulation = new Simulation(options)
  const { world } = simulation
  let ended: Exit.Exit<A, E> | undefined
  launch(simulation, Context.empty(), program, (exit) => {
    ended = exit
    world.end()
  })
  const stop = runToStop(simulation)
  const exit = ended ?? Exit.die(defect(simulation, stop))
  world.end()
  return { exit, ...simulation.progress() }
}

const runToStop = ({ world }: Simulation): PumpStop => {
  try {
    const stop = world.run(Infinity, Infinity)
    return stop === "paused" || stop === "timer" ? "idle" : stop
  } catch (thrown) {
    return { thrown }
  }
}

const defect = (simulation: Simulation, stop: PumpStop): unknown => {
  if (typeof stop === "object") return stop.thrown
  return simulation.halt(stop === "idle" ? "deadlock" : stop)
}

// The program starts, and is interrupted, in steps of its own: nothing of it runs outside of one.
const launch = <A, E, R>(
  simulation: Simulation,
  outer: Context.Context<Exclude<R, Services>>,
  program: Effect.Effect<A, E, R>,
  onExit: (exit: Exit.Exit<A, E>) => void
): { readonly interrupt: (onEnded: () => void) => void } => {
  const context = Context.merge(outer, simulation.references)
  let fiber: Fiber.Fiber<A, E> | undefined
  let isWanted = true
  simulation.world.later(() => {
    if (!isWanted) return
    const provided = Effect.provide(program, simulation.services)
    // The fiber runs before the fork returns, and may be what asks for its own interruption.
    const known = Effect.withFiber<A, E, Exclude<R, Services>>((self) => {
      fiber = self as Fiber.Fiber<A, E>
      return provided
    })
    Effect.runForkWith(context)(known).addObserver(onExit)
  })
  return {
    interrupt: (onEnded) => {
      isWanted = false
      if (fiber === undefined) return onEnded()
      fiber.addObserver(onEnded)
      simulation.world.later(() => fiber!.interruptUnsafe())
    }
  }
}
