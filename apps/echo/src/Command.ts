/**
 * `echo`'s options, with their bounds and defaults.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as CommandLine from "@portico/app-kit/CommandLine"
import * as Flags from "@portico/app-kit/Flags"
import * as Program from "./Program.ts"

const flags = {
  host: Flags.localHost("host").pipe(
    Flag.withDescription("Address to listen on (default 127.0.0.1)"),
    Flag.optional
  ),
  port: Flags.port("port").pipe(
    Flag.withDescription("TCP port; 0 lets the host choose (default 4000)"),
    Flag.optional
  ),
  path: Flag.String("path").pipe(
    Flag.withDescription("Listen on this Unix socket instead"),
    Flag.withMetavar("file"),
    Flag.optional
  ),
  connectionsMax: Flags.int("connections-max", { min: 1, max: 1_000_000 }).pipe(
    Flag.withDescription("Connections served at once; more wait their turn (default 10000)"),
    Flag.withDefault(10_000)
  ),
  idleTimeout: Flags.duration("idle-timeout", { min: "100 millis", max: "1 days" }).pipe(
    Flag.withDescription(
      "Close a connection on which nothing moved for this long (default 5 minutes)"
    ),
    Flag.withDefault(Duration.minutes(5))
  ),
  drainDeadline: Flags.duration("drain-deadline", { min: "0 millis", max: "1 hours" }).pipe(
    Flag.withDescription(
      "How long connections may finish after SIGTERM or SIGINT (default 5 seconds)"
    ),
    Flag.withDefault(Duration.seconds(5))
  )
}

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
  }).pipe(CommandLine.forUsers)
).pipe(
  Command.withDescription("Sends every byte back (RFC 862)"),
  Command.validate(({ host, path, port }) =>
    CommandLine.validate(
      Option.isSome(path) && (Option.isSome(host) || Option.isSome(port))
        ? "--path excludes --host and --port"
        : undefined
    )
  )
)

export const main = CommandLine.run(command)
