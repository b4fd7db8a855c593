/** What a program's layer does with a scheduler: its metrics, and who held the thread. */
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import type * as Scope from "effect/Scope"
import type { Blame } from "../Blame.ts"
import type { LoopScheduler } from "../LoopScheduler.ts"
import { registerLoopMetrics } from "./loopMetrics.ts"

const blamesMax = 128

/** One line for people. */
export const describeBlame = ({ millis, suspects }: Blame): string => {
  const whom = suspects.map(({ fiberId, frames, span }) =>
    [`fiber #${fiberId}${span === undefined ? "" : ` "${span}"`}`, ...frames].join(" ")
  )
  const one = whom.length === 1 ? whom[0]! : `one of ${whom.join(", or ")}`
  return `The event loop was held for ${Math.round(millis)} ms by ${one}`
}

/**
 * Registers metrics and logs blames until the scope ends; gives the blames, of which a slow
 * subscriber loses the oldest.
 */
export const observe = (
  scheduler: LoopScheduler
): Effect.Effect<PubSub.PubSub<Blame>, never, Scope.Scope> =>
  Effect.gen(function* () {
    yield* registerLoopMetrics(scheduler)
    const blames = yield* PubSub.sliding<Blame>(blamesMax)
    const run = Effect.runForkWith(yield* Effect.context<never>())
    const tell = (blame: Blame) =>
      Effect.andThen(PubSub.publish(blames, blame), Effect.logWarning(describeBlame(blame)))
    // The scheduler is between two operations of a fiber, so nothing may run within this call.
    const onBlame = (blame: Blame) =>
      scheduler.makeDispatcher().scheduleTask(() => void run(tell(blame)), 0)
    yield* Effect.acquireRelease(
      Effect.sync(() => scheduler.onBlame(onBlame)),
      (stop) => Effect.sync(stop)
    )
    yield* Effect.addFinalizer(() => PubSub.shutdown(blames))
    return blames
  })
