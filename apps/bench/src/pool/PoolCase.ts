/** A case of this suite: a program that runs tasks in two threads, measures itself, and tells. */
import * as Effect from "effect/Effect"
import * as Subject from "../Subject.ts"
import type { Measurements } from "../Metric.ts"
import type { Case } from "../Suite.ts"

/** What a program is told, as JSON in its first argument. */
export interface Told {
  readonly work: Work
  readonly inFlight: number
  readonly warmSeconds: number
  readonly seconds: number
}

/** `tiny`: a number and its successor. `move`: 1 MiB there and back. `burn`: 20 ms of computing. */
export type Work = "tiny" | "move" | "burn"

/** Long enough for either host's compilers to be done, and for the threads to start. */
const warmSeconds = 0.5

export const poolCase = (name: string, summary: string, work: Work, inFlight: number): Case => ({
  name,
  summary,
  measure: (turn) =>
    Effect.gen(function* () {
      const told: Told = { work, inFlight, warmSeconds, seconds: turn.seconds }
      // On one core the two threads would only take turns with the main one.
      const subject = yield* Subject.spawn({ ...turn, pinning: undefined }, JSON.stringify(told))
      yield* subject.hear("ready", "15 seconds")
      const outcome = yield* subject.hear("done", `${turn.seconds + 15} seconds`)
      return JSON.parse(outcome) as Measurements
    })
})
