/**
 * Runs trials one after another and prints their table. Fails when a trial is not good.
 */
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import * as Report from "./Report.ts"
import type { Trial } from "./Trial.ts"

// A trial takes a second or two, many times that on a busy machine; then it hangs.
const trialLimit = Duration.seconds(60)

/** The table tells why. */
export class DemoFailed extends Data.TaggedError("DemoFailed")<{ readonly failures: number }> {
  override readonly [Runtime.errorReported] = false
}

export const run = Effect.fnUntraced(function* <R>(
  trials: ReadonlyArray<Trial<R>>,
  notes: ReadonlyArray<string>,
  terminal: { readonly columnsMax: number; readonly isColoured: boolean }
): Effect.fn.Return<void, DemoFailed, R> {
  const results = yield* Effect.forEach(trials, ({ run: trial, ...what }) =>
    trial.pipe(
      Effect.timeout(trialLimit),
      Effect.exit,
      Effect.map((exit): Report.Result => ({ ...what, exit }))
    )
  )
  const table = Report.lines(results, terminal)
  yield* Console.log([...table, "", ...notes, "", Report.verdict(results)].join("\n"))
  const failures = results.filter((result) => !Report.isGood(result)).length
  if (failures > 0) return yield* new DemoFailed({ failures })
})
