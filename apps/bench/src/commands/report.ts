/** `pnpm bench report <json…> [--to folder]`: pages made of the reports of earlier runs. */
import { Argument, Command, Flag } from "effect/cli"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { FileSystem } from "effect/FileSystem"
import { join } from "node:path"
import { Failure } from "../Failure.ts"
import type { Report } from "../Report.ts"
import * as Html from "../report/Html.ts"
import * as Markdown from "../report/Markdown.ts"
import { suites } from "../suites.ts"

/** A file holds one report, or several as `pnpm bench --json` prints them. */
const reportsIn = (path: string, content: string): Effect.Effect<ReadonlyArray<Report>, Failure> =>
  Effect.try({
    try: () => [JSON.parse(content) as Report | ReadonlyArray<Report>].flat(),
    catch: () => new Failure({ message: `Cannot read a report: ${path}` })
  })

/** As a full run orders them; of a suite that is there twice, the later file. */
const ordered = (reports: ReadonlyArray<Report>): ReadonlyArray<Report> => {
  const order = suites.map(({ name }) => name)
  return [...new Map(reports.map((report) => [report.suite, report])).values()].toSorted(
    (left, right) => order.indexOf(left.suite) - order.indexOf(right.suite)
  )
}

export const reportCommand = Command.make(
  "report",
  {
    files: Argument.String("json").pipe(
      Argument.withDescription("Reports that a suite wrote with --json or --to"),
      Argument.atLeast(1)
    ),
    to: Flag.String("to").pipe(
      Flag.withDefault("docs/reference"),
      Flag.withDescription("The folder that performance.md and performance.html are written to")
    )
  },
  ({ files: paths, to }) =>
    Effect.gen(function* () {
      const files = yield* FileSystem
      const read = yield* Effect.forEach(paths, (path) =>
        files.readFileString(path).pipe(
          Effect.mapError((error) => new Failure({ message: error.message })),
          Effect.flatMap((content) => reportsIn(path, content))
        )
      )
      const reports = ordered(read.flat())
      yield* files.writeFileString(join(to, "performance.md"), Markdown.render(reports))
      yield* files.writeFileString(join(to, "performance.html"), Html.render(reports))
      yield* Console.log(`${reports.length} suites in ${join(to, "performance.{md,html}")}`)
    })
).pipe(Command.withDescription("Makes the pages of docs/reference from reports"))
