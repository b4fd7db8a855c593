/** A case of this suite: a program that simulates for a while, measures itself, and tells. */
import * as Effect from "effect/Effect"
import type { Measurements } from "../Metric.ts"
import * as Subject from "../Subject.ts"
import type { Case } from "../Suite.ts"

export type SimProgram = "steps" | "steps-io" | "tiny-worlds" | "rpc-worlds" | "virtual-time"

/** What a program is told, as JSON in its first argument. */
export interface Told {
  readonly program: SimProgram
  readonly warmSeconds: number
  readonly seconds: number
}

/**
 * Until either host's compilers are done. They share the program's core: in RPC worlds Bun's take
 * half of it for five seconds and a twentieth from the eighth on, Node's a quarter for five.
 */
const warmSeconds = 8

export const simCase = (name: SimProgram, summary: string): Case => ({
  name,
  summary,
  measure: (turn) =>
    Effect.gen(function* () {
      const told: Told = { program: name, warmSeconds, seconds: turn.seconds }
      const subject = yield* Subject.spawn(turn, JSON.stringify(told))
      yield* subject.hear("ready", "15 seconds")
      const outcome = yield* subject.hear("done", `${warmSeconds + turn.seconds + 15} seconds`)
      return JSON.parse(outcome) as Measurements
    })
})
