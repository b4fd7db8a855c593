/**
 * The responder at work: it is told the time, and what it does not know is asked of the upstreams.
 */
import type { Tcp, Udp } from "@portico/core"
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import type { Flight } from "./Flights.ts"
import type { Responder } from "./Responder.ts"
import type { Upstreams } from "./upstream/Upstreams.ts"
import { PreparedAnswer, type TtlBounds } from "./wire/PreparedAnswer.ts"

const nanosPerSecond = 1_000_000_000n

export interface Desk {
  readonly responder: Responder
  /** Whole seconds on the monotonic clock. */
  readonly secondsUnsafe: () => number
  /**
   * Asks what has boarded. To be called in the step that boards: a fiber that was interrupted
   * between the two would leave a question that nobody asks, and all that join it waiting.
   */
  readonly launchUnsafe: () => void
  /** Waits until nothing is under way, at most so long. */
  readonly landed: (atMost: Duration.Duration) => Effect.Effect<void>
}

/** Questions end with the scope; who waits for them is told SERVFAIL. */
export const make = Effect.fnUntraced(function* (
  responder: Responder,
  upstreams: Upstreams,
  bounds: TtlBounds
): Effect.fn.Return<Desk, never, Tcp.Tcp | Udp.Udp | Scope.Scope> {
  const clock = yield* Clock.Clock
  const flying = yield* FiberSet.make<unknown>()
  const secondsUnsafe = () => Number(clock.monotonicTimeNanosUnsafe() / nanosPerSecond)

  const fly = (flight: Flight) =>
    Effect.suspend(() => {
      const began = clock.monotonicTimeNanosUnsafe()
      return Effect.onExit(upstreams.ask(flight.question), (exit) =>
        Effect.sync(() => {
          const took = Number(clock.monotonicTimeNanosUnsafe() - began) / 1e6
          responder.statistics.latency.add(took)
          const response = Exit.isSuccess(exit) ? exit.value : undefined
          const answer = response && PreparedAnswer.received(response, bounds)
          responder.land(flight, answer, secondsUnsafe())
        })
      )
    })

  const run = yield* FiberSet.runtime(flying)<Tcp.Tcp | Udp.Udp>()
  const launchUnsafe = () => {
    for (const flight of responder.flights.take()) run(fly(flight))
  }
  const landed = (atMost: Duration.Duration) =>
    FiberSet.awaitEmpty(flying).pipe(Effect.timeoutOption(atMost), Effect.asVoid)
  return { responder, secondsUnsafe, launchUnsafe, landed }
})
