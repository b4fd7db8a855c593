/**
 * The loop without the sleeps of others: the suite bounds each law by a sleep, which keeps the loop
 * alive as any other does.
 */
import { EventLoop, type LoopClock } from "@portico/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { overriding, type PortChange, withPorts } from "./FaultyPorts.ts"
import type { BackendServices } from "./Law.ts"
import type { LawFailure } from "./LawFailure.ts"
import { eventually, nextTurn } from "./Turns.ts"

const nameOf = ({ endsAtMillis, fiberId }: LoopClock.Sleep): string => `${fiberId} ${endsAtMillis}`

const withoutOthers: PortChange = (ports) => {
  const others = new Set(ports.clock.sleeps().map(nameOf))
  const sleeps = () => ports.clock.sleeps().filter((sleep) => !others.has(nameOf(sleep)))
  return { ...ports, clock: overriding(ports.clock, { sleeps }) }
}

/**
 * The bound of the law begins to sleep after the law's first step. On a host the fiber that bounds
 * it may have used up its first slice by then, and stand in the queue.
 */
const boundSleeps = Effect.andThen(
  nextTurn,
  eventually(
    "an empty queue",
    Effect.map(
      Effect.flatMap(EventLoop.EventLoop, (loop) => loop.snapshot),
      (snapshot) => snapshot.queueLength === 0
    )
  )
)

/** Runs `body` over a core of its own, whose clock lists no sleep that began before. */
export const withOwnSleeps = <A, E, R>(
  body: Effect.Effect<A, E, R>
): Effect.Effect<A, E | LawFailure, Exclude<R, Scope.Scope> | BackendServices> =>
  Effect.andThen(boundSleeps, withPorts(withoutOthers, Effect.scoped(body)))
