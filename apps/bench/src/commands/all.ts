/** `pnpm bench [--to folder] [--brief] [--json] [--rounds n] [--seconds s]`: every suite. */
import { Command, Flag } from "effect/cli"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { FileSystem } from "effect/FileSystem"
import * as Option from "effect/Option"
import { join } from "node:path"
import { briefly, caseWords } from "../brief.ts"
import { Failure } from "../Failure.ts"
import type { Report } from "../Report.ts"
import * as Runner from "../Runner.ts"
import { suites } from "../suites.ts"
import * as Table from "../Table.ts"
import * as Settings from "./Settings.ts"

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/**
 * A file for each suite as soon as it is measured, so that a run that ends early leaves some. A
 * suite that fails fails the run, when all others have been measured.
 */
export const allCommand = Command.make(
  "bench",
  {
    json: Settings.json,
    rounds: Settings.rounds,
    seconds: Settings.seconds,
    brief: Flag.Boolean("brief").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Only the cases that the published figures are of")
    ),
    to: Flag.String("to").pipe(
      Flag.withDescription("Write each suite's report to this folder as <suite>.json"),
      Flag.optional
    )
  },
  ({ brief, json, rounds, seconds, to }) =>
    Effect.gen(function* () {
      const files = yield* FileSystem
      const reports: Array<Report> = []
      const failed: Array<string> = []
      const folder = Option.getOrUndefined(to)
      if (folder !== undefined) yield* files.makeDirectory(folder, { recursive: true })
      for (const suite of brief ? suites.map(briefly) : suites) {
        const cases = brief ? caseWords(suite) : []
        const settings = ["--rounds", rounds, "--seconds", seconds]
        const command = Settings.command(suite.name, ...settings, ...cases)
        const report = yield* Runner.run(suite, { rounds, seconds, command }).pipe(
          Effect.tapError((error) => Console.error(`${suite.name}: ${error.message}`)),
          Effect.orElseSucceed(() => undefined)
        )
        if (report === undefined) {
          failed.push(suite.name)
          continue
        }
        reports.push(report)
        if (folder !== undefined) {
          yield* files.writeFileString(join(folder, `${suite.name}.json`), text(report))
        }
        if (!json) yield* Console.log(`${Table.render(report)}\n`)
      }
      if (json) yield* Console.log(text(reports).trimEnd())
      if (failed.length === 0) return
      return yield* new Failure({ message: `Not measured: ${failed.join(", ")}` })
    })
).pipe(
  Command.withDescription(
    "Measures Portico against the raw hosts, and against Effect's own sockets and scheduler"
  )
)
