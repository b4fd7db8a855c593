/** From a command to a program: who is told what, and where. */
import * as CliError from "effect/cli/CliError"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as References from "effect/References"

/** One line, without a stack: for what is the user's to mend. */
export const userError = (message: string, cause?: unknown) =>
  new CliError.UserError({ cause, userMessage: message })

/** A failure to listen, or to read a file, is the user's to mend. */
export const forUsers = Effect.mapError((error: Error) => userError(error.message, error))

/** `Command.validate` with a sentence for options that do not go together, or undefined. */
export const validate = (message: string | undefined) =>
  message === undefined ? Effect.void : Effect.fail(new CliError.ValidationError({ message }))

/** Standard output is for the `ready` line; the log goes to standard error. */
export const run = <Name extends string, Input, ContextInput, E, R>(
  command: Command.Command<Name, Input, ContextInput, E, R>
) =>
  Command.run(command, { version: "0.0.0" }).pipe(
    Effect.provideService(References.LogToStderr, true)
  )
