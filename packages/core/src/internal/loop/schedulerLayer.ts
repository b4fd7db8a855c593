/** A scheduler as a layer. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scheduler from "effect/Scheduler"
import type { LoopScheduler } from "../../LoopScheduler.ts"
import { observe } from "./observe.ts"

/**
 * Installs a scheduler for the program it is provided to, keeps its metrics (`portico_loop_…`) for
 * as long, and logs who holds the thread.
 */
export const layer = (make: () => LoopScheduler): Layer.Layer<never> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const scheduler = make()
      yield* Effect.asVoid(observe(scheduler))
      return Context.make(Scheduler.Scheduler, scheduler) as Context.Context<never>
    })
  )
