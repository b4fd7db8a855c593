/**
 * `relay`'s options, with their bounds and defaults.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import * as CommandLine from "@portico/app-kit/CommandLine"
import * as KitFlags from "@portico/app-kit/Flags"
import * as Flags from "./Flags.ts"
import * as Program from "./Program.ts"
import type { Mode } from "./Session.ts"
import { Credentials, type User, usersMax } from "./socks/Credentials.ts"
import type * as Target from "./Target.ts"
import * as TlsFlags from "./TlsFlags.ts"

const flags = {
  host: KitFlags.localHost("host").pipe(
    Flag.withDescription("Address to listen on (default 127.0.0.1)"),
    Flag.withDefault("127.0.0.1")
  ),
  port: KitFlags.port("port").pipe(
    Flag.withDescription("TCP port; 0 lets the host choose (default 1080)"),
    Flag.withDefault(1080)
  ),
  socks: Flag.Boolean("socks").pipe(
    Flag.withDescription("Be a SOCKS5 proxy: clients say where they want to go (default)"),
    Flag.withDefault(false)
  ),
  forward: Flags.target("forward").pipe(
    Flag.withDescription("Instead, connect every client to this target"),
    Flag.optional
  ),
  users: Flags.user("user").pipe(
    Flag.withDescription("SOCKS5: may use it; repeatable. Others on this host can read it (ps)"),
    Flag.atMost(usersMax)
  ),
  usersFile: Flags.usersFile("users-file").pipe(
    Flag.withDescription("SOCKS5: who may use it, one name:password a line"),
    Flag.withDefault<ReadonlyArray<User>>([])
  ),
  denied: Flags.network("deny").pipe(
    Flag.withDescription("Lead no client there, such as 10.0.0.0/8; repeatable"),
    Flag.atMost(1_000)
  ),
  ...TlsFlags.flags,
  connectionsMax: KitFlags.int("connections-max", { min: 1, max: 1_000_000 }).pipe(
    Flag.withDescription("Clients served at once; more wait their turn (default 10000)"),
    Flag.withDefault(10_000)
  ),
  handshakeTimeout: KitFlags.duration("handshake-timeout", {
    min: "10 millis",
    max: "10 minutes"
  }).pipe(
    Flag.withDescription("How long a client may take to say where it wants (default 10 seconds)"),
    Flag.withDefault(Duration.seconds(10))
  ),
  connectTimeout: KitFlags.duration("connect-timeout", { min: "10 millis", max: "1 hours" }).pipe(
    Flag.withDescription("For looking a target up and connecting to it (default 10 seconds)"),
    Flag.withDefault(Duration.seconds(10))
  ),
  idleTimeout: KitFlags.duration("idle-timeout", { min: "100 millis", max: "1 days" }).pipe(
    Flag.withDescription("End a tunnel in which nothing moved for this long (default 5 minutes)"),
    Flag.withDefault(Duration.minutes(5))
  ),
  drainDeadline: KitFlags.duration("drain-deadline", { min: "0 millis", max: "1 hours" }).pipe(
    Flag.withDescription("How long tunnels may go on after SIGTERM or SIGINT (default 5 seconds)"),
    Flag.withDefault(Duration.seconds(5))
  )
}

interface Who {
  readonly socks: boolean
  readonly forward: Option.Option<Target.Target>
  readonly users: ReadonlyArray<User>
  readonly usersFile: ReadonlyArray<User>
}

const modeOf = ({ forward, users, usersFile }: Who): Mode => {
  const all = [...usersFile, ...users]
  return Option.match(forward, {
    onSome: (target) => ({ _tag: "Forward", target }),
    onNone: () => ({
      _tag: "Socks5",
      credentials: all.length === 0 ? undefined : new Credentials(all)
    })
  })
}

const isLoopback = (host: string): boolean => /^(127\.|::1$|localhost$)/i.test(host)

/** Options that do not go together. */
const problemOf = ({ forward, socks, users, usersFile }: Who): string | undefined => {
  if (Option.isNone(forward)) return undefined
  if (socks) return "--forward excludes --socks"
  if (users.length + usersFile.length > 0) return "--forward excludes --user and --users-file"
  return undefined
}

/** A relay that anybody can reach lets anybody act in its name. */
const warnIfOpen = (host: string, mode: Mode): Effect.Effect<void> =>
  mode._tag === "Socks5" && mode.credentials === undefined && !isLoopback(host)
    ? Effect.logWarning(`Whoever reaches ${host} may use this relay: no --user is given`)
    : Effect.void

/** See `Program.run` for `statisticsRequests`. */
const command = (statisticsRequests: Stream.Stream<unknown>) =>
  Command.make("relay", flags, (config) => {
    const mode = modeOf(config)
    return Effect.andThen(
      warnIfOpen(config.host, mode),
      Program.run(
        {
          listen: { host: config.host, port: config.port },
          mode,
          ...TlsFlags.secureOptions(config),
          denied: config.denied,
          connectionsMax: config.connectionsMax,
          handshakeTimeout: config.handshakeTimeout,
          connectTimeout: config.connectTimeout,
          idleTimeout: config.idleTimeout,
          drainDeadline: config.drainDeadline
        },
        statisticsRequests
      )
    ).pipe(CommandLine.forUsers)
  }).pipe(
    Command.withDescription("Carries connections to where clients want to go (RFC 1928)"),
    Command.validate((config) =>
      CommandLine.validate(problemOf(config) ?? TlsFlags.problemOf(config))
    )
  )

export const main = (statisticsRequests: Stream.Stream<unknown>) =>
  CommandLine.run(command(statisticsRequests))
