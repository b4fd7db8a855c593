/** A program in its world, from its start to its exit. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import { type HaltReason, reasonOf, type SimHalt } from "./SimHalt.ts"
import type { Services, Simulation } from "./Simulation.ts"
import type { World } from "./World.ts"
import type { Stop } from "./loop/WorldLoop.ts"

/** The loop came back, and the program that it runs cannot go on as things are. */
export type Halt =
  | Extract<Stop, "notAlive" | "stuck" | "stepLimit" | "timeLimit">
  | { readonly thrown: unknown }

/** What a program is launched in. */
export interface LaunchSite {
  readonly world: World
  readonly references: Context.Context<never>
  readonly hasHandles: boolean
  halt(reason: HaltReason): SimHalt
}

export class Launch<A, E> {
  /** The program's, once it has ended. */
  exit: Exit.Exit<A, E> | undefined = undefined
  private readonly simulation: LaunchSite
  private fiber: Fiber.Fiber<A, E> | undefined
  private isWanted = true
  private isLeaving = false

  // The program starts, and is interrupted, in steps of its own: nothing of it runs outside of one.
  constructor(simulation: LaunchSite, program: Effect.Effect<A, E>, onExit: () => void) {
    this.simulation = simulation
    // The fiber runs before the fork returns, and may be what asks for its own interruption.
    const known = Effect.withFiber<A, E>((self) => {
      this.fiber = self as Fiber.Fiber<A, E>
      return program
    })
    simulation.world.later(() => {
      if (!this.isWanted) return
      Effect.runForkWith(simulation.references)(known).addObserver((exit) => {
        this.exit = exit
        onExit()
      })
    })
  }

  /** Tells when it has ended; a program that has not started yet never will. */
  interrupt(onEnded: () => void): void {
    this.isWanted = false
    const { fiber } = this
    if (fiber === undefined) return onEnded()
    fiber.addObserver(onEnded)
    this.simulation.world.later(() => fiber.interruptUnsafe())
  }

  /**
   * What a host's `runMain` makes of it. If everything that is open was unref'd, the program may
   * leave: it is interrupted, and the loop has to run on; undefined. Else it is the program's exit.
   */
  settle(halt: Halt): Exit.Exit<A, E> | undefined {
    if (typeof halt === "object") return Exit.die(halt.thrown)
    if (halt === "notAlive" && !this.isLeaving && this.simulation.hasHandles) {
      this.isLeaving = true
      this.interrupt(() => {})
      return undefined
    }
    return Exit.die(this.simulation.halt(reasonOf(halt)))
  }
}

/** `program` with a world's services, and with those around it. */
export const provide = <A, E, R>(
  simulation: Simulation,
  outer: Context.Context<Exclude<R, Services>>,
  program: Effect.Effect<A, E, R>
): Effect.Effect<A, E> => {
  const provided = Effect.provide(program, simulation.services)
  return Effect.provideContext(provided, Context.merge(outer, simulation.references))
}
