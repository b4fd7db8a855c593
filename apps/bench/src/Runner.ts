/** Rounds of turns: within a round every contestant plays every case. */
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import { Failure } from "./Failure.ts"
import { isInstalled } from "./Found.ts"
import * as Machine from "./Machine.ts"
import * as Pinning from "./Pinning.ts"
import { notes, type Report, results, type Sample } from "./Report.ts"
import type { Case, Suite, Turn } from "./Suite.ts"
import * as Versions from "./Versions.ts"

export interface Settings {
  readonly rounds: number
  readonly seconds: number
  /** What to type to repeat the run. */
  readonly command?: string
}

/**
 * The order of one round. Of two rounds the second is the first one backwards, so that each of a
 * pair comes before the other as often. Then another starts: nobody is always first or last.
 */
export const ordered = <A>(items: ReadonlyArray<A>, round: number): ReadonlyArray<A> => {
  const first = items.length === 0 ? 0 : (round >> 1) % items.length
  const rotated = [...items.slice(first), ...items.slice(0, first)]
  return round % 2 === 0 ? rotated : rotated.toReversed()
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
    Effect.catch((error) =>
      turn.contestant.isPeer === true
        ? Effect.succeed({ note: error.message.replaceAll("\n", " ") })
        : Effect.fail(new Failure({ message: `Cannot measure ${one.name}: ${error.message}` }))
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
    const { rounds, seconds } = settings
    const pinning = yield* Pinning.detect
    const machine = Machine.describe(pinning)
    const canTrace = isInstalled("strace")
    const startedAt = DateTime.formatIso(yield* DateTime.now)
    const samples: Array<Sample> = []
    for (let round = 0; round < rounds; round++) {
      for (const one of suite.cases) {
        for (const contestant of ordered(suite.contestants, round)) {
          if (contestant.plays?.includes(one.name) === false) continue
          yield* Console.error(
            `round ${round + 1} of ${rounds}: ${suite.name} ${one.name} ${contestant.name}`
          )
          const isTraced = round === 0 && canTrace
          samples.push(yield* play(one, { contestant, seconds, pinning, isTraced }))
        }
      }
    }
    return {
      suite: suite.name,
      versions: Versions.describe(),
      machine,
      command: settings.command ?? `pnpm bench ${suite.name}`,
      startedAt,
      rounds,
      seconds,
      baseline: suite.baseline,
      summary: suite.summary,
      cases: suite.cases.map(({ name, summary }) => ({ name, summary })),
      absent: suite.absent ?? [],
      results: results(suite, samples),
      notes: notes(suite, samples)
    }
  })
