/**
 * `digest`'s options, with their bounds and defaults.
 */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import * as CommandLine from "@portico/app-kit/CommandLine"
import * as Flags from "@portico/app-kit/Flags"
import * as Program from "./Program.ts"

const pathsMax = 100_000

/** A list that was cut off must not pass for a whole one: 128 + SIGINT, as shells have it. */
class CutOff extends Data.TaggedError("CutOff") {
  override readonly [Runtime.errorExitCode] = 130
  override readonly [Runtime.errorReported] = false
}

/** Ends with `CutOff` when it is interrupted. */
const wholeOrCutOff = <A, E, R>(run: Effect.Effect<A, E, R>): Effect.Effect<A, E | CutOff, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.catchCauseIf(restore(run), Cause.hasInterruptsOnly, () => Effect.fail(new CutOff()))
  )

/** `threads` is what is used when no option says: as many as the host has processors. */
export const main = (threads: number) =>
  wholeOrCutOff(
    CommandLine.run(
      Command.make(
        "digest",
        {
          paths: Argument.String("path").pipe(
            Argument.withDescription("Files, and directories with all that is below"),
            Argument.between(1, pathsMax)
          ),
          threads: Flags.int("threads", { min: 1, max: 64 }).pipe(
            Flag.withDescription("Files that are hashed at once (default: one a processor)"),
            Flag.withDefault(Math.min(threads, 64))
          )
        },
        (config) => CommandLine.forUsers(Program.run(config))
      ).pipe(Command.withDescription("Prints SHA-256 sums, as sha256sum does"))
    )
  )
