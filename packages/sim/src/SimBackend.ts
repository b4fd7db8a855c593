/** Portico in a deterministic simulator: the same program, virtual time, no host. */
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { LayerWatch } from "./LayerWatch.ts"
import type { SimOptions } from "./SimOptions.ts"
import { simulate } from "./SimRun.ts"
import { type Services, Simulation } from "./Simulation.ts"

export type { Services } from "./Simulation.ts"
export { type RunMode, type RunState, type SimDriver, start } from "./SimDriver.ts"
export { run, simulate, type SimRun } from "./SimRun.ts"

/**
 * A world of its own for whatever it is provided to, with Effect's clock, random numbers and
 * scheduler on it. It needs no real timer: it runs in turns of the scheduler around it.
 *
 * When the program it is provided to cannot go on (a deadlock, a limit), it says so on the console
 * and interrupts the program. It cannot tell for a runtime that outlives its programs
 * (`ManagedRuntime`), which may just be idle.
 */
export const layer = (options: SimOptions): Layer.Layer<Services> =>
  Layer.effectContext(
    Effect.withFiber((builder) =>
      Effect.gen(function* () {
        const simulation = new Simulation(options)
        const watch = new LayerWatch(simulation, builder, builder.getRef(Console.Console))
        const inside = Effect.provideContext(simulation.references)
        const scope = yield* Scope.make()
        // Handles that are left over close in virtual time, then the world stops.
        yield* Effect.addFinalizer((exit) =>
          inside(Scope.close(scope, exit)).pipe(Effect.ensuring(Effect.sync(() => watch.stop())))
        )
        const services = yield* inside(Layer.buildWithScope(simulation.services, scope))
        return Context.merge(services, simulation.references)
      })
    )
  )

/** How `run` ends, within this call. See `simulate` for what that cannot do. */
export const runSync = <A, E>(
  program: Effect.Effect<A, E, Services>,
  options: SimOptions
): Exit.Exit<A, E> => simulate(program, options).exit
