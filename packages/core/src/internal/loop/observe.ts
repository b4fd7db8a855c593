/** What a program's layer does with a scheduler: its metrics, and who held the thread. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Blame } from "../../Blame.ts"
import type { LoopScheduler } from "../../LoopScheduler.ts"
import { keepMetrics } from "./loopMetrics.ts"

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
 * Who observes a scheduler, in order of their beginning: the last one logs. On the scheduler
 * itself: V8 keeps the values of a WeakMap in a minor collection, and these hold their key.
 */
const mark: unique symbol = Symbol("@portico/core/observers")
interface Marked {
  [mark]?: Array<Observer>
}

const observersOf = (scheduler: LoopScheduler): Array<Observer> =>
  ((scheduler as Marked)[mark] ??= [])

class Observer {
  private readonly scheduler: LoopScheduler
  private readonly run: (effect: Effect.Effect<void>) => void
  private readonly stops: ReadonlyArray<() => void>
  /** Made for the first subscriber: most programs have none. */
  private blames: PubSub.PubSub<Blame> | undefined
  private isOver = false

  constructor(scheduler: LoopScheduler, context: Context.Context<never>) {
    this.scheduler = scheduler
    this.run = Effect.runForkWith(context)
    observersOf(scheduler).push(this)
    this.stops = [keepMetrics(scheduler, context), scheduler.onBlame((blame) => this.told(blame))]
  }

  // The scheduler is between two operations of a fiber, so nothing may run within this call.
  private told(blame: Blame): void {
    const { blames, scheduler } = this
    const log =
      observersOf(scheduler).at(-1) === this ? Effect.logWarning(describeBlame(blame)) : Effect.void
    const tell = blames === undefined ? log : Effect.andThen(PubSub.publish(blames, blame), log)
    scheduler.makeDispatcher().scheduleTask(() => this.run(tell), 0)
  }

  private readonly open = Effect.suspend(() =>
    Effect.flatMap(
      this.blames === undefined ? PubSub.sliding<Blame>(blamesMax) : Effect.succeed(this.blames),
      (made) => {
        this.blames ??= made
        const { blames } = this
        return this.isOver ? Effect.as(PubSub.shutdown(blames), blames) : Effect.succeed(blames)
      }
    )
  )

  // Made when asked for. Streams of Effect stand in weak maps whose values V8 keeps in a minor
  // collection, and with this one whatever is observed: worlds are made by the thousand.
  get stream(): Stream.Stream<Blame> {
    return Stream.unwrap(Effect.map(this.open, Stream.fromPubSub))
  }

  end(): Effect.Effect<void> {
    this.isOver = true
    const others = observersOf(this.scheduler)
    others.splice(others.indexOf(this), 1)
    for (const stop of this.stops) stop()
    return this.blames === undefined ? Effect.void : PubSub.shutdown(this.blames)
  }
}

/** Has the blames. */
export interface Observation {
  readonly stream: Stream.Stream<Blame>
}

/**
 * Keeps metrics and logs blames until the scope ends; gives the blames, of which a slow subscriber
 * loses the oldest. Of several observers of one scheduler the last one logs.
 */
export const observe = (scheduler: LoopScheduler): Effect.Effect<Observation, never, Scope.Scope> =>
  Effect.contextWith((context: Context.Context<Scope.Scope>) =>
    Effect.acquireRelease(
      Effect.sync(() => new Observer(scheduler, context)),
      (observer) => observer.end()
    )
  )
