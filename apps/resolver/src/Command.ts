/**
 * `resolver`'s options, with their bounds and defaults.
 */
import { Address } from "@portico/core"
import * as CliError from "effect/cli/CliError"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Dns from "effect/net/Dns"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Result from "effect/Result"
import type * as Stream from "effect/Stream"
import * as Program from "./Program.ts"
import { Zone } from "./zone/Zone.ts"

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
    ),
    Flag.withMetavar("duration")
  )

const MiB = 1024 * 1024
const upstreamsMax = 16
const zonesMax = 1_024
const zoneBytesMax = 256 * MiB

const flags = {
  host: Flag.String("host").pipe(
    Flag.filter(
      (host) => Address.literals(host, 0)?.length === 1,
      () => "an IP address"
    ),
    Flag.withDescription("Address to listen on (default 127.0.0.1)"),
    Flag.withDefault("127.0.0.1")
  ),
  port: int("port", { min: 0, max: 65_535 }).pipe(
    Flag.withDescription("Port, for UDP and TCP; 0 lets the host choose (default 5353)"),
    Flag.withDefault(5_353)
  ),
  upstreams: Flag.String("upstream").pipe(
    Flag.filterMap(
      (text) => Result.getSuccess(Dns.nameServerFromString(text)),
      () => "an IP address, or one with a port, such as 192.0.2.1:53 or [2001:db8::1]:53"
    ),
    Flag.between(0, upstreamsMax),
    Flag.withMetavar("address"),
    Flag.withDescription("A name server to forward to; several are tried in their order")
  ),
  zones: Flag.String("zone").pipe(
    Flag.between(0, zonesMax),
    Flag.withMetavar("file"),
    Flag.withDescription("A zone (RFC 1035 master file) that this server answers by itself")
  ),
  upstreamTimeout: duration("upstream-timeout", { min: "10 millis", max: "10 seconds" }).pipe(
    Flag.withDescription("How long one upstream may take for one query (default 1 second)"),
    Flag.withDefault(Duration.seconds(1))
  ),
  upstreamDownTime: duration("upstream-down-time", { min: "0 millis", max: "1 hours" }).pipe(
    Flag.withDescription("How long an upstream that was silent is asked last (default 30 seconds)"),
    Flag.withDefault(Duration.seconds(30))
  ),
  cacheEntriesMax: int("cache-entries-max", { min: 0, max: 10_000_000 }).pipe(
    Flag.withDescription("Answers kept (default 10000)"),
    Flag.withDefault(10_000)
  ),
  cacheBytesMax: int("cache-bytes-max", { min: 0, max: 4_096 * MiB }).pipe(
    Flag.withDescription("Memory for them, in bytes (default 33554432)"),
    Flag.withDefault(32 * MiB)
  ),
  ttlMax: duration("ttl-max", { min: "0 millis", max: "7 days" }).pipe(
    Flag.withDescription("How long an answer is kept at most (default 1 day)"),
    Flag.withDefault(Duration.days(1))
  ),
  negativeTtlMax: duration("negative-ttl-max", { min: "0 millis", max: "1 days" }).pipe(
    Flag.withDescription("How long it is kept that there is nothing (default 3 hours)"),
    Flag.withDefault(Duration.hours(3))
  ),
  queriesMax: int("queries-max", { min: 1, max: 100_000 }).pipe(
    Flag.withDescription("Queries that wait for upstreams at once; more fail (default 1000)"),
    Flag.withDefault(1_000)
  ),
  answerBytesMax: int("answer-bytes-max", { min: 512, max: 4_096 }).pipe(
    Flag.withDescription("The longest answer over UDP; the rest is for TCP (default 1232)"),
    Flag.withDefault(1_232)
  ),
  connectionsMax: int("connections-max", { min: 1, max: 100_000 }).pipe(
    Flag.withDescription("TCP connections served at once; more wait their turn (default 150)"),
    Flag.withDefault(150)
  ),
  idleTimeout: duration("idle-timeout", { min: "100 millis", max: "1 hours" }).pipe(
    Flag.withDescription("Close a TCP connection that asked nothing for this long (default 10 s)"),
    Flag.withDefault(Duration.seconds(10))
  ),
  drainDeadline: duration("drain-deadline", { min: "0 millis", max: "1 hours" }).pipe(
    Flag.withDescription(
      "How long queries under way may take after SIGTERM or SIGINT (default 5 seconds)"
    ),
    Flag.withDefault(Duration.seconds(5))
  )
}

const userError = (message: string, cause?: unknown) =>
  new CliError.UserError({ cause, userMessage: message })

/** A failure to listen is the user's to mend: one line, without a stack. */
const forUsers = Effect.mapError((error: Error) => userError(error.message, error))

const readZone = Effect.fnUntraced(function* (file: string) {
  const files = yield* FileSystem.FileSystem
  const { size } = yield* files.stat(file)
  if (Number(size) > zoneBytesMax) {
    return yield* userError(`${file}: A zone file of more than ${zoneBytesMax} bytes: ${size}`)
  }
  return yield* Effect.fromResult(Zone.parse(yield* files.readFileString(file), file))
})

const resolver = (statisticsRequests: Stream.Stream<unknown>) =>
  Command.make("resolver", flags, ({ host, port, zones, ...config }) =>
    Effect.gen(function* () {
      const parsed = yield* Effect.forEach(zones, readZone)
      const options = { ...config, zones: parsed, listen: { host, port } }
      yield* Program.run(options, statisticsRequests)
    }).pipe(forUsers)
  ).pipe(
    Command.withDescription("A caching, forwarding DNS server (RFC 1035)"),
    Command.validate(({ upstreams, zones }) =>
      upstreams.length === 0 && zones.length === 0
        ? Effect.fail(
            new CliError.ValidationError({ message: "Nothing to answer: no --upstream, no --zone" })
          )
        : Effect.void
    )
  )

/** Standard output is for the `ready` line; the log and the statistics go to standard error. */
export const main = (statisticsRequests: Stream.Stream<unknown>) =>
  Command.run(resolver(statisticsRequests), { version: "0.0.0" }).pipe(
    Effect.provideService(References.LogToStderr, true)
  )
