/**
 * `resolver`'s options, with their bounds and defaults.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Dns from "effect/net/Dns"
import * as Result from "effect/Result"
import type * as Stream from "effect/Stream"
import * as CommandLine from "@portico/app-kit/CommandLine"
import * as Flags from "@portico/app-kit/Flags"
import * as Program from "./Program.ts"
import { Zone } from "./zone/Zone.ts"

const MiB = 1024 * 1024
const upstreamsMax = 16
const zonesMax = 1_024
const zoneBytesMax = 256 * MiB

const flags = {
  host: Flags.localAddress("host").pipe(
    Flag.withDescription("Address to listen on (default 127.0.0.1)"),
    Flag.withDefault("127.0.0.1")
  ),
  port: Flags.port("port").pipe(
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
  upstreamTimeout: Flags.duration("upstream-timeout", { min: "10 millis", max: "10 seconds" }).pipe(
    Flag.withDescription("How long one upstream may take for one query (default 1 second)"),
    Flag.withDefault(Duration.seconds(1))
  ),
  upstreamDownTime: Flags.duration("upstream-down-time", { min: "0 millis", max: "1 hours" }).pipe(
    Flag.withDescription("How long an upstream that was silent is asked last (default 30 seconds)"),
    Flag.withDefault(Duration.seconds(30))
  ),
  cacheEntriesMax: Flags.int("cache-entries-max", { min: 0, max: 10_000_000 }).pipe(
    Flag.withDescription("Answers kept (default 10000)"),
    Flag.withDefault(10_000)
  ),
  cacheBytesMax: Flags.int("cache-bytes-max", { min: 0, max: 4_096 * MiB }).pipe(
    Flag.withDescription("Memory for them, in bytes (default 33554432)"),
    Flag.withDefault(32 * MiB)
  ),
  ttlMax: Flags.duration("ttl-max", { min: "0 millis", max: "7 days" }).pipe(
    Flag.withDescription("How long an answer is kept at most (default 1 day)"),
    Flag.withDefault(Duration.days(1))
  ),
  negativeTtlMax: Flags.duration("negative-ttl-max", { min: "0 millis", max: "1 days" }).pipe(
    Flag.withDescription("How long it is kept that there is nothing (default 3 hours)"),
    Flag.withDefault(Duration.hours(3))
  ),
  queriesMax: Flags.int("queries-max", { min: 1, max: 100_000 }).pipe(
    Flag.withDescription("Queries that wait for upstreams at once; more fail (default 1000)"),
    Flag.withDefault(1_000)
  ),
  answerBytesMax: Flags.int("answer-bytes-max", { min: 512, max: 4_096 }).pipe(
    Flag.withDescription("The longest answer over UDP; the rest is for TCP (default 1232)"),
    Flag.withDefault(1_232)
  ),
  connectionsMax: Flags.int("connections-max", { min: 1, max: 100_000 }).pipe(
    Flag.withDescription("TCP connections served at once; more wait their turn (default 150)"),
    Flag.withDefault(150)
  ),
  idleTimeout: Flags.duration("idle-timeout", { min: "100 millis", max: "1 hours" }).pipe(
    Flag.withDescription("Close a TCP connection that asked nothing for this long (default 10 s)"),
    Flag.withDefault(Duration.seconds(10))
  ),
  drainDeadline: Flags.duration("drain-deadline", { min: "0 millis", max: "1 hours" }).pipe(
    Flag.withDescription(
      "How long queries under way may take after SIGTERM or SIGINT (default 5 seconds)"
    ),
    Flag.withDefault(Duration.seconds(5))
  )
}

const readZone = Effect.fnUntraced(function* (file: string) {
  const files = yield* FileSystem.FileSystem
  const { size } = yield* files.stat(file)
  if (Number(size) > zoneBytesMax) {
    return yield* CommandLine.userError(
      `${file}: A zone file of more than ${zoneBytesMax} bytes: ${size}`
    )
  }
  return yield* Effect.fromResult(Zone.parse(yield* files.readFileString(file), file))
})

const resolver = (statisticsRequests: Stream.Stream<unknown>) =>
  Command.make("resolver", flags, ({ host, port, zones, ...config }) =>
    Effect.gen(function* () {
      const parsed = yield* Effect.forEach(zones, readZone)
      const options = { ...config, zones: parsed, listen: { host, port } }
      yield* Program.run(options, statisticsRequests)
    }).pipe(CommandLine.forUsers)
  ).pipe(
    Command.withDescription("A caching, forwarding DNS server (RFC 1035)"),
    Command.validate(({ upstreams, zones }) =>
      CommandLine.validate(
        upstreams.length === 0 && zones.length === 0
          ? "Nothing to answer: no --upstream, no --zone"
          : undefined
      )
    )
  )

export const main = (statisticsRequests: Stream.Stream<unknown>) =>
  CommandLine.run(resolver(statisticsRequests))
