/** What laws of locks share: threads that act on them, and what to expect of a `SyncError`. */
import type { IoError, PoolError, PoolLane } from "@portico/core"
import { SyncError, type SyncReason } from "@portico/core/sync"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import { equalsAll, fails } from "./Expectation.ts"
import { law, type LawOptions, type LawServices, type UngroupedLaw } from "./Law.ts"
import type { LawEnvironment } from "./LawEnvironment.ts"
import type { LawFailure } from "./LawFailure.ts"
import { tasks } from "./LawTasks.ts"
import { openLane, threads } from "./PoolLaw.ts"
import type { SyncStep } from "./SyncSteps.ts"

type SyncLawError = LawFailure | IoError.IoError | PoolError.PoolError | SyncError.SyncError

/** A law in which a refusal, where none is expected, is a failure of the law. */
export const syncLaw = (
  id: string,
  sentence: string,
  body: () => Effect.fn.Return<void, SyncLawError, LawServices>,
  options: LawOptions = {}
): UngroupedLaw =>
  law(
    id,
    sentence,
    function* () {
      yield* Effect.catchTag(Effect.gen(body), ["PoolError", "SyncError"], (error) =>
        fails(error.message)
      )
    },
    options
  )

/** The same with threads. */
export const threadLaw: typeof syncLaw = (id, sentence, body, options) =>
  syncLaw(id, sentence, body, { hook: "tasks", longerThan: threads, ...options })

/** Fails with this reason. */
export const refuses = <A, E, R>(
  tag: SyncReason.SyncReason["_tag"],
  effect: Effect.Effect<A, E, R>
): Effect.Effect<void, LawFailure, R> =>
  Effect.matchEffect(effect, {
    onSuccess: (value) => fails(`Expected ${tag}, got ${String(value)}`),
    onFailure: (error) =>
      SyncError.isSyncError(error, tag)
        ? Effect.void
        : fails(`Expected ${tag}, got ${String(error)}`)
  })

/** A thread that does these steps. */
export interface Actor {
  /** Each must have given what is expected. */
  readonly gives: (
    ...expected: ReadonlyArray<unknown>
  ) => Effect.Effect<void, LawFailure | PoolError.PoolError>
  readonly ended: Effect.Effect<ReadonlyArray<unknown>, PoolError.PoolError>
  /** Its thread is ended, whatever it is at. */
  readonly kill: Effect.Effect<void, PoolError.PoolError>
}

/** Sets threads to work, up to `threadsMax` at once; on a lane of their own. */
export const actors = (
  threadsMax: number
): Effect.Effect<
  (...steps: ReadonlyArray<SyncStep>) => Effect.Effect<Actor, PoolError.PoolError, Scope.Scope>,
  IoError.IoError,
  Scope.Scope | LawEnvironment | Effect.Services<ReturnType<typeof openLane>>
> =>
  Effect.gen(function* () {
    const { act } = yield* tasks
    const lane: PoolLane.PoolLane = yield* openLane({ threadsMax, closeGrace: 0 })
    return (...steps) =>
      Effect.map(lane.submit(act, [steps]), (task) => ({
        gives: (...expected) =>
          Effect.flatMap(task.await, (given) => equalsAll(given, expected, "steps gave")),
        ended: task.await,
        kill: Effect.asVoid(task.cancel({ grace: 0 }))
      }))
  })

/** Starts at once, and is interrupted when the law ends. */
export const start = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.forkScoped(effect, { startImmediately: true })

export const joinAll = <A, E>(fibers: ReadonlyArray<Fiber.Fiber<A, E>>) =>
  Effect.forEach(fibers, (fiber) => Fiber.join(fiber))
