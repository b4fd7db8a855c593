/** A small runner, for those who have no other: one law after the other, and a report. */
import type { IoError } from "@portico/core"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import type { BackendServices } from "./Law.ts"
import type { LawEnvironment } from "./LawEnvironment.ts"
import type { LawFailure } from "./LawFailure.ts"
import type { PlannedLaw } from "./Suite.ts"

export interface Outcome {
  readonly name: string
  readonly millis: number
  /** What the law said when it failed. */
  readonly failure: string | undefined
}

export interface Report {
  readonly outcomes: ReadonlyArray<Outcome>
  readonly passed: number
  readonly failed: ReadonlyArray<Outcome>
}

/** Runs the laws in turn, each over a fresh instance of the backend. Never fails. */
export const run = <E>(
  plan: ReadonlyArray<PlannedLaw>,
  world: Layer.Layer<BackendServices | LawEnvironment, E>
): Effect.Effect<Report> =>
  Effect.map(
    Effect.forEach(plan, ({ effect, name }) => outcome(name, effect, world)),
    (outcomes) => {
      const failed = outcomes.filter(({ failure }) => failure !== undefined)
      return { outcomes, passed: outcomes.length - failed.length, failed }
    }
  )

const outcome = <E>(
  name: string,
  effect: Effect.Effect<void, LawFailure | IoError.IoError, BackendServices | LawEnvironment>,
  world: Layer.Layer<BackendServices | LawEnvironment, E>
): Effect.Effect<Outcome> =>
  Effect.gen(function* () {
    const before = yield* Clock.currentTimeMillis
    const exit = yield* Effect.exit(Effect.provide(effect, Layer.fresh(world)))
    const millis = (yield* Clock.currentTimeMillis) - before
    const failure = Exit.isSuccess(exit) ? undefined : Cause.pretty(exit.cause)
    return { name, millis, failure }
  })

/** The report as text: a line for each failure, then the count. */
export const format = ({ failed, passed }: Report): string =>
  [
    ...failed.map(({ failure, name }) => `✗ ${name}\n  ${failure}`),
    `${passed} of ${passed + failed.length} laws hold`
  ].join("\n")
