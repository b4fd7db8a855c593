/** `kv`'s options, with their bounds and defaults. */
import * as CommandLine from "@portico/app-kit/CommandLine"
import * as Flags from "@portico/app-kit/Flags"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Duration from "effect/Duration"
import * as Program from "./Program.ts"

const KiB = 1024
const MiB = 1024 * KiB
const GiB = 1024 * MiB

const flags = {
  host: Flags.localHost("host").pipe(
    Flag.withDescription("Address to listen on (default 127.0.0.1)"),
    Flag.withDefault("127.0.0.1")
  ),
  port: Flags.port("port").pipe(
    Flag.withDescription("TCP port; 0 lets the host choose (default 6379)"),
    Flag.withDefault(6379)
  ),
  data: Flag.String("data").pipe(
    Flag.withMetavar("directory"),
    Flag.withDescription("Where the log is; made when it is not there (default kv-data)"),
    Flag.withDefault("kv-data")
  ),
  sync: Flag.Literals("sync", ["always", "every-second"]).pipe(
    Flag.withDescription("When the log is synced: before a reply, or once a second (default)"),
    Flag.withDefault("every-second")
  ),
  memoryBytesMax: Flags.int("memory-bytes-max", { min: 0, max: 1024 * GiB }).pipe(
    Flag.withDescription("For keys and values; beyond, writes fail (default 268435456)"),
    Flag.withDefault(256 * MiB)
  ),
  requestBytesMax: Flags.int("request-bytes-max", { min: 64 * KiB, max: 512 * MiB }).pipe(
    Flag.withDescription("The longest request (default 67108864)"),
    Flag.withDefault(64 * MiB)
  ),
  replyBytesMax: Flags.int("reply-bytes-max", { min: 64 * KiB, max: 512 * MiB }).pipe(
    Flag.withDescription("The longest reply; a longer one is an error (default 134217728)"),
    Flag.withDefault(128 * MiB)
  ),
  inputBytesMax: Flags.int("input-bytes-max", { min: 64 * KiB, max: 64 * GiB }).pipe(
    Flag.withDescription("Of all unfinished requests together (default 134217728)"),
    Flag.withDefault(128 * MiB)
  ),
  transactionBytesMax: Flags.int("transaction-bytes-max", { min: 1 * KiB, max: 512 * MiB }).pipe(
    Flag.withDescription("Of one transaction that waits for EXEC (default 16777216)"),
    Flag.withDefault(16 * MiB)
  ),
  subscriberBytesMax: Flags.int("subscriber-bytes-max", { min: 1 * KiB, max: 512 * MiB }).pipe(
    Flag.withDescription("A subscriber with more unread is cut off (default 33554432)"),
    Flag.withDefault(32 * MiB)
  ),
  rewriteBytesMin: Flags.int("rewrite-bytes-min", { min: 1 * KiB, max: 64 * GiB }).pipe(
    Flag.withDescription("The log is not rewritten while it is shorter (default 67108864)"),
    Flag.withDefault(64 * MiB)
  ),
  connectionsMax: Flags.int("connections-max", { min: 1, max: 1_000_000 }).pipe(
    Flag.withDescription("Clients served at once; more wait their turn (default 10000)"),
    Flag.withDefault(10_000)
  ),
  idleTimeout: Flags.duration("idle-timeout", { min: "100 millis", max: "365 days" }).pipe(
    Flag.withDescription("End a connection on which nothing moved for this long (default 1 day)"),
    Flag.withDefault(Duration.days(1))
  ),
  drainDeadline: Flags.duration("drain-deadline", { min: "0 millis", max: "1 hours" }).pipe(
    Flag.withDescription("For what was asked before SIGTERM or SIGINT (default 5 seconds)"),
    Flag.withDefault(Duration.seconds(5))
  )
}

const kv = (processId: number) =>
  Command.make("kv", flags, ({ host, port, ...options }) =>
    CommandLine.forUsers(Program.run({ ...options, processId, listen: { host, port } }))
  ).pipe(Command.withDescription("A key-value server that speaks Redis's protocol"))

/** The command, of the process with that id. */
export const main = (processId: number) => CommandLine.run(kv(processId))
