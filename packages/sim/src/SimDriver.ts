/** A program in a world that somebody else drives, an iteration of its loop at a time. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import { Launch, provide } from "./Launch.ts"
import type { Progress } from "./Sim.ts"
import { reasonOf, type SimHalt } from "./SimHalt.ts"
import type { SimOptions } from "./SimOptions.ts"
import { type Services, Simulation } from "./Simulation.ts"
import type { RunMode, Stop } from "./loop/WorldLoop.ts"

export type { RunMode } from "./loop/WorldLoop.ts"

/** What a call of `run` came to. */
export interface RunState<A, E> extends Progress {
  /** Whether a handle or a timer that is ref'd, a sleep, or a task that is ready is left. */
  readonly isAlive: boolean
  /** The program's, once it has ended. */
  readonly exit: Exit.Exit<A, E> | undefined
  /**
   * Why the program cannot go on by itself: everything waits for what cannot come, or a limit was
   * reached. Work from outside may change the first. Undefined when the program may leave because
   * everything that is open was unref'd.
   */
  readonly halt: SimHalt | undefined
}

export interface SimDriver<A, E> {
  /**
   * Runs the world's loop, as `uv_run` does (http://docs.libuv.org/en/v1.x/loop.html#c.uv_run):
   *
   * - `default`: until nothing keeps it alive any more;
   * - `once`: one iteration. If nothing is ready, and nothing was put off, virtual time jumps to
   *   the next event in it. In order `random` it may leave for later what is ready;
   * - `noWait`: one iteration in which time does not jump.
   *
   * Comes back earlier when the program has ended, which is the world's end; and, where libuv would
   * wait for ever, when nothing can come. A task that throws is a bug in a port or in core; the
   * exception comes out here. Not from inside of the program.
   */
  readonly run: (mode: RunMode) => RunState<A, E>
  /** Interrupts the program, in a step of the runs to come. */
  readonly interrupt: () => void
  /** The world's end: fibers stay where they are, as those of a killed process. */
  readonly end: () => void
}

/** A fresh world with `program` in it, which starts with the first run. */
export const start = <A, E>(
  program: Effect.Effect<A, E, Services>,
  options: SimOptions
): SimDriver<A, E> => {
  const simulation = new Simulation(options)
  const { world } = simulation
  const provided = provide(simulation, Context.empty(), program)
  const launch = new Launch(simulation, provided, () => world.end())
  return {
    run: (mode) => {
      const stop = world.run(Infinity, Infinity, mode)
      const halt = launch.exit === undefined ? haltOf(simulation, stop) : undefined
      return { isAlive: world.isAlive, exit: launch.exit, halt, ...simulation.progress() }
    },
    interrupt: () => launch.interrupt(() => {}),
    end: () => world.end()
  }
}

const haltOf = (simulation: Simulation, stop: Stop): SimHalt | undefined => {
  const isHalt =
    stop === "stuck" ||
    stop === "stepLimit" ||
    stop === "timeLimit" ||
    (stop === "notAlive" && !simulation.hasHandles)
  return isHalt ? simulation.halt(reasonOf(stop)) : undefined
}
