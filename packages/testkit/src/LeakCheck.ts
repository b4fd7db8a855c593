/**
 * After a law, nothing is left: no handle, no fiber. What the host alone can see (descriptors,
 * timers) is for the binder to compare.
 */
import { EventLoop } from "@portico/core"
import type { Backend, Handle } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import type * as Scope from "effect/Scope"
import { fails } from "./Expectation.ts"
import type { LawFailure } from "./LawFailure.ts"
import { nextTurn } from "./Turns.ts"

/** Turns that a release may take after the law's scope has ended. */
const turnsMax = 1_000

const describe = (handle: Handle.Handle): string => {
  const site = handle.site === undefined ? "" : `, opened at ${handle.site}`
  const waits = handle.waits.map((wait) => wait.operation).join(", ")
  return `${handle.label} is ${handle.state._tag}${site}${waits === "" ? "" : `, waits: ${waits}`}`
}

/** Counts the fibers that run in a context. */
class FiberCensus implements Metric.FiberRuntimeMetricsService {
  running = 0
  recordFiberStart(): void {
    this.running++
  }
  recordFiberEnd(): void {
    this.running--
  }
}

/**
 * Runs `check` in a fiber and a scope of its own, then fails with what it left behind: handles by
 * label and creation site, fibers by number. A failure of `check` itself comes first.
 */
export const leavingNothing = <A, E, R>(
  check: Effect.Effect<A, E, R>
): Effect.Effect<
  A,
  E | LawFailure,
  Exclude<R, Scope.Scope> | Backend.Backend | EventLoop.EventLoop
> =>
  Effect.gen(function* () {
    const loop = yield* EventLoop.EventLoop
    const before = new Set((yield* loop.handles).map((handle) => handle.id))
    const census = new FiberCensus()
    const fiber = yield* Effect.scoped(check).pipe(
      Effect.provideService(Metric.FiberRuntimeMetrics, census),
      Effect.forkChild({ startImmediately: true })
    )
    // The exit of a fiber comes after its children's: those of the check are gone by then.
    const value = yield* Fiber.join(fiber)
    let left: ReadonlyArray<Handle.Handle> = []
    for (let turn = 0; turn < turnsMax; turn++) {
      left = (yield* loop.handles).filter((handle) => !before.has(handle.id))
      if (left.length === 0 && census.running === 0) return value
      yield* nextTurn
    }
    const leaks = left.map(describe)
    if (census.running > 0) leaks.push(`${census.running} fibers still run`)
    return yield* fails(`Left behind: ${leaks.join("; ")}`)
  })
