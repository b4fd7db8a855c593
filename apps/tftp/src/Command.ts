/**
 * `tftp`'s options, with their bounds and defaults.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Duration from "effect/Duration"
import * as CommandLine from "@portico/app-kit/CommandLine"
import * as Flags from "@portico/app-kit/Flags"
import * as Program from "./Program.ts"

const GiB = 1_024 ** 3

const flags = {
  root: Flag.String("root").pipe(
    Flag.withDescription("The directory whose files are served"),
    Flag.withMetavar("directory")
  ),
  host: Flags.localAddress("host").pipe(
    Flag.withDescription("Address to listen on (default 127.0.0.1)"),
    Flag.withDefault("127.0.0.1")
  ),
  port: Flags.port("port").pipe(
    Flag.withDescription("UDP port; 0 lets the host choose (default 6969)"),
    Flag.withDefault(6_969)
  ),
  isReadOnly: Flag.Boolean("read-only").pipe(
    Flag.withDescription("Take no files from clients"),
    Flag.withDefault(false)
  ),
  keepsExisting: Flag.Boolean("keep-existing").pipe(
    Flag.withDescription("Let clients replace no file that is there"),
    Flag.withDefault(false)
  ),
  uploadBytesMax: Flags.int("upload-bytes-max", { min: 0, max: Number.MAX_SAFE_INTEGER }).pipe(
    Flag.withDescription("The longest file that is taken, in bytes (default 1 GiB)"),
    Flag.withDefault(GiB)
  ),
  blockBytesMax: Flags.int("block-bytes-max", { min: 8, max: 65_464 }).pipe(
    Flag.withDescription("The largest block that clients may ask for (default 65464)"),
    Flag.withDefault(65_464)
  ),
  windowMax: Flags.int("window-max", { min: 1, max: 1_024 }).pipe(
    Flag.withDescription("Blocks before an acknowledgement that they may ask for (default 16)"),
    Flag.withDefault(16)
  ),
  timeout: Flags.int("timeout", { min: 1, max: 255 }).pipe(
    Flag.withDescription("Seconds before something is sent again (default 1)"),
    Flag.withDefault(1)
  ),
  transfersMax: Flags.int("transfers-max", { min: 1, max: 10_000 }).pipe(
    Flag.withDescription("Transfers at once; more are refused (default 100)"),
    Flag.withDefault(100)
  ),
  drainDeadline: Flags.duration("drain-deadline", { min: "0 millis", max: "1 hours" }).pipe(
    Flag.withDescription("How long transfers may go on after SIGTERM or SIGINT (default 5 s)"),
    Flag.withDefault(Duration.seconds(5))
  )
}

const command = Command.make(
  "tftp",
  flags,
  ({ blockBytesMax, host, port, timeout, windowMax, ...config }) =>
    CommandLine.forUsers(
      Program.run({
        ...config,
        listen: { host, port },
        limits: { blockBytesMax, windowMax, timeoutSeconds: timeout }
      })
    )
).pipe(Command.withDescription("Serves the files of a directory by TFTP (RFC 1350)"))

export const main = CommandLine.run(command)
