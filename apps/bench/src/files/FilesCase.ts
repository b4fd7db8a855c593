/** A case of this suite: a program that reads files, measures itself, and tells. */
import * as Effect from "effect/Effect"
import type { Measurements } from "../Metric.ts"
import * as Subject from "../Subject.ts"
import type { Case } from "../Suite.ts"
import { prepare } from "./FilesData.ts"

/** What a program is told, as JSON in its first argument. */
export interface Told {
  readonly work: Work
  readonly inFlight: number
  /** A file of 1 GiB. */
  readonly large: string
  /** A folder of 10,000 files of 1 KiB. */
  readonly small: string
  /** A tree of 10,000 files in 600 folders. */
  readonly tree: string
  readonly seconds: number
}

export type Work = "random" | "sequential" | "small" | "walk"

export const filesCase = (name: string, summary: string, work: Work, inFlight = 1): Case => ({
  name,
  summary,
  measure: (turn) =>
    Effect.gen(function* () {
      const data = yield* Effect.sync(prepare)
      const told: Told = { work, inFlight, ...data, seconds: turn.seconds }
      // The host's threads would only take turns with the main one on one core.
      const subject = yield* Subject.spawn({ ...turn, pinning: undefined }, JSON.stringify(told))
      yield* subject.hear("ready", "60 seconds")
      const outcome = yield* subject.hear("done", `${turn.seconds + 60} seconds`)
      return JSON.parse(outcome) as Measurements
    })
})
