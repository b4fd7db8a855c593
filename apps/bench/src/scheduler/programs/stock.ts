/** What Effect has of its own, named, so that it stays whatever a backend's layer installs. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { MixedScheduler, Scheduler } from "effect/Scheduler"

/** Effect's default scheduler and clock, for the program within. */
export const provideStock = <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  program.pipe(
    Effect.provideService(Scheduler, new MixedScheduler()),
    Effect.provideService(Clock.Clock, Context.get(Context.empty(), Clock.Clock))
  )
