/** Rounds of turns: within a round every contestant plays every case. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import { Failure } from "./Failure.ts"
import * as Machine from "./Machine.ts"
import * as Pinning from "./Pinning.ts"
import { notes, type Report, results, type Sample } from "./Report.ts"
import type { Case, Suite, Turn } from "./Suite.ts"
import * as Versions from "./Versions.ts"

export interface Settings {
  readonly rounds: number
  readonly seconds: number
}

/** The order of one round: each starts with another, so that nobody is always first or last. */
export const rotated = <A>(items: ReadonlyArray<A>, round: number): ReadonlyArray<A> => {
  const first = items.length === 0 ? 0 : round % items.length
  return [...items.slice(first), ...items.slice(0, first)]
}

/** Longer than any turn's own waits together: a last resort. */
const turnLimitSeconds = 90

const play = (one: Case, turn: Turn): Effect.Effect<Sample, Failure, ChildProcessSpawner> =>
  one.measure(turn).pipe(
    Effect.scoped,
    Effect.timeoutOrElse({
      duration: `${turnLimitSeconds + turn.seconds} seconds`,
      orElse: () => Effect.fail(new Failure({ message: "The turn did not end" }))
    }),
    Effect.mapError(
      (error) => new Failure({ message: `Cannot measure ${one.name}: ${error.message}` })
    ),
    Effect.map((measurements) => ({
      case: one.name,
      contestant: turn.contestant.name,
      measurements
    }))
  )

/** Runs the suite. Progress goes to standard error; standard output is the caller's. */
export const run = (
  suite: Suite,
  settings: Settings
): Effect.Effect<Report, Failure, ChildProcessSpawner> =>
  Effect.gen(function* () {
    const pinning = yield* Pinning.detect
    const machine = Machine.describe(pinning)
    const samples: Array<Sample> = []
    for (let round = 0; round < settings.rounds; round++) {
      for (const one of suite.cases) {
        for (const contestant of rotated(suite.contestants, round)) {
          yield* Console.error(
            `round ${round + 1} of ${settings.rounds}: ${one.name} ${contestant.name}`
          )
          samples.push(yield* play(one, { contestant, seconds: settings.seconds, pinning }))
        }
      }
    }
    return {
      suite: suite.name,
      versions: Versions.describe(),
      machine,
      rounds: settings.rounds,
      results: results(suite, samples),
      notes: notes(suite, samples)
    }
  })
