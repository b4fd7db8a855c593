/**
 * `tail`'s options, with their bounds and defaults.
 */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import * as CommandLine from "@portico/app-kit/CommandLine"
import * as Flags from "@portico/app-kit/Flags"
import * as Program from "./Program.ts"

const MiB = 1024 * 1024

const flags = {
  files: Argument.String("file").pipe(
    Argument.withDescription("Followed by its name; need not be there yet"),
    Argument.between(1, 100)
  ),
  host: Flags.localHost("host").pipe(
    Flag.withDescription("Address to listen on (default 127.0.0.1)"),
    Flag.withDefault("127.0.0.1")
  ),
  port: Flags.port("port").pipe(
    Flag.withDescription("TCP port; 0 lets the host choose (default 4100)"),
    Flag.withDefault(4_100)
  ),
  fromStart: Flag.Boolean("from-start").pipe(
    Flag.withDescription("Begin with what is in the files already"),
    Flag.withDefault(false)
  ),
  quiet: Flag.Boolean("quiet").pipe(
    Flag.withDescription("Only the ready line goes to standard output"),
    Flag.withDefault(false)
  ),
  poll: Flags.duration("poll", { min: "10 millis", max: "1 hours" }).pipe(
    Flag.withDescription("Look for changes so often, instead of being told by the host"),
    Flag.optional
  ),
  lineBytesMax: Flags.int("line-bytes-max", { min: 1, max: 64 * MiB }).pipe(
    Flag.withDescription("A longer line is given in pieces (default 1048576)"),
    Flag.withDefault(MiB)
  ),
  subscribersMax: Flags.int("subscribers-max", { min: 1, max: 100_000 }).pipe(
    Flag.withDescription("Connections served at once; more wait their turn (default 100)"),
    Flag.withDefault(100)
  ),
  subscriberBytesMax: Flags.int("subscriber-bytes-max", { min: 1_024, max: 1_024 * MiB }).pipe(
    Flag.withDescription("Who has more to catch up on is cut off, in bytes (default 1048576)"),
    Flag.withDefault(MiB)
  ),
  drainDeadline: Flags.duration("drain-deadline", { min: "0 millis", max: "1 hours" }).pipe(
    Flag.withDescription("How long subscribers may catch up after SIGTERM (default 5 seconds)"),
    Flag.withDefault(Duration.seconds(5))
  )
}

/** See `Program.run` for `statisticsRequests`. */
const command = (statisticsRequests: Stream.Stream<unknown>) =>
  Command.make("tail", flags, ({ fromStart, host, poll, port, quiet, ...config }) =>
    Program.run(
      {
        ...config,
        listen: { host, port },
        from: fromStart ? "start" : "end",
        isPrinting: !quiet,
        watching: Option.match(poll, {
          onNone: () => ({}),
          onSome: (interval) => ({ method: "polling" as const, interval })
        })
      },
      statisticsRequests
    ).pipe(CommandLine.forUsers)
  ).pipe(Command.withDescription("Streams lines that are appended to files, through rotations"))

export const main = (statisticsRequests: Stream.Stream<unknown>) =>
  CommandLine.run(command(statisticsRequests))
