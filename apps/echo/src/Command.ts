/**
 * `echo`'s options, with their bounds and defaults.
 */
import * as CliError from "effect/cli/CliError"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as References from "effect/References"
import { Address } from "@portico/core"
import * as Program from "./Program.ts"

const int = (name: string, bounds: { readonly min: number; readonly max: number }) =>
  Flag.Int(name).pipe(
    Flag.filter(
      (value) => value >= bounds.min && value <= bounds.max,
      () => `an integer from ${bounds.min} to ${bounds.max}`
    )
  )

type DurationText = `${number} ${Duration.Unit}`

const duration = (
  name: string,
  bounds: { readonly min: DurationText; readonly max: DurationText }
) =>
  Flag.String(name).pipe(
    Flag.filterMap(
      (text) =>
        Duration.fromInput(text as Duration.Input).pipe(
          Option.filter(
            Duration.between({
              minimum: Duration.fromInputUnsafe(bounds.min),
              maximum: Duration.fromInputUnsafe(bounds.max)
            })
          )
        ),
      () => `a duration from ${bounds.min} to ${bounds.max}, such as "30 seconds"`
    )
  )

const flags = {
  host: Flag.String("host").pipe(
    Flag.filter(
      (host) => Address.literals(host, 0) !== undefined,
      () => "an IP address or localhost"
    ),
    Flag.withDescription("Address to listen on (default 127.0.0.1)"),
    Flag.optional
  ),
  port: int("port", { min: 0, max: 65_535 }).pipe(
    Flag.withDescription("TCP port; 0 lets the host choose (default 4000)"),
    Flag.optional
  ),
  path: Flag.String("path").pipe(
    Flag.withDescription("Listen on this Unix socket instead"),
    Flag.withMetavar("file"),
    Flag.optional
  ),
  connectionsMax: int("connections-max", { min: 1, max: 1_000_000 }).pipe(
    Flag.withDescription("Connections served at once; more wait their turn (default 10000)"),
    Flag.withDefault(10_000)
  ),
  idleTimeout: duration("idle-timeout", { min: "100 millis", max: "1 days" }).pipe(
    Flag.withDescription(
      "Close a connection on which nothing moved for this long (default 5 minutes)"
    ),
    Flag.withMetavar("duration"),
    Flag.withDefault(Duration.minutes(5))
  ),
  drainDeadline: duration("drain-deadline", { min: "0 millis", max: "1 hours" }).pipe(
    Flag.withDescription(
      "How long connections may finish after SIGTERM or SIGINT (default 5 seconds)"
    ),
    Flag.withMetavar("duration"),
    Flag.withDefault(Duration.seconds(5))
  )
}

/** A failure to listen is the user's to mend: one line, without a stack. */
const forUsers = Effect.mapError(
  (error: Error) => new CliError.UserError({ cause: error, userMessage: error.message })
)

export const command = Command.make("echo", flags, (config) =>
  Program.run({
    listen: Option.match(config.path, {
      onSome: (path) => ({ path }),
      onNone: () => ({
        host: Option.getOrUndefined(config.host),
        port: Option.getOrElse(config.port, () => 4000)
      })
    }),
    connectionsMax: config.connectionsMax,
    idleTimeout: config.idleTimeout,
    drainDeadline: config.drainDeadline
  }).pipe(forUsers)
).pipe(
  Command.withDescription("Sends every byte back (RFC 862)"),
  Command.validate(({ host, path, port }) =>
    Option.isSome(path) && (Option.isSome(host) || Option.isSome(port))
      ? Effect.fail(new CliError.ValidationError({ message: "--path excludes --host and --port" }))
      : Effect.void
  )
)

/** Standard output is for the `ready` line; the log goes to standard error. */
export const main = Command.run(command, { version: "0.0.0" }).pipe(
  Effect.provideService(References.LogToStderr, true)
)
