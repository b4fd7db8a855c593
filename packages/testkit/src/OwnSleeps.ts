/**
 * The loop without the sleeps of others: the suite bounds each law by a sleep, which keeps the loop
 * alive as any other does.
 */
import type { Backend, LoopClock } from "@portico/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { overriding, type PortChange, withPorts } from "./FaultyPorts.ts"
import type { BackendServices } from "./Law.ts"
import { nextTurn } from "./Turns.ts"

const nameOf = ({ endsAtMillis, fiberId }: LoopClock.Sleep): string => `${fiberId} ${endsAtMillis}`

const withoutOthers: PortChange = (ports) => {
  const others = new Set(ports.clock.sleeps().map(nameOf))
  const sleeps = () => ports.clock.sleeps().filter((sleep) => !others.has(nameOf(sleep)))
  return { ...ports, clock: overriding(ports.clock, { sleeps }) }
}

/** Runs `body` over a core of its own, whose clock lists no sleep that began before. */
export const withOwnSleeps = <A, E, R>(
  body: Effect.Effect<A, E, R>
): Effect.Effect<A, E, Exclude<Exclude<R, Scope.Scope>, BackendServices> | Backend.Backend> =>
  // The bound of the law begins to sleep after the law's first step.
  Effect.andThen(nextTurn, withPorts(withoutOthers, Effect.scoped(body)))
