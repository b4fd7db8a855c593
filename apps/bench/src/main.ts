/** `pnpm bench`, `pnpm bench <suite>` and `pnpm bench report <json…>` */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Command } from "effect/cli"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { allCommand } from "./commands/all.ts"
import { reportCommand } from "./commands/report.ts"
import { suiteCommand } from "./commands/suite.ts"
import { suites } from "./suites.ts"

const bench = allCommand.pipe(Command.withSubcommands([...suites.map(suiteCommand), reportCommand]))

Command.run(bench, { version: "0.0.0" }).pipe(
  // The default report goes through the logger, and so to standard output.
  Effect.tapErrorTag("Failure", (error) => Console.error(error.message)),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain({ disableErrorReporting: true })
)
