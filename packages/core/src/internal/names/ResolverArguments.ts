/** The options and names that a resolver is given, against their bounds. */
import * as Effect from "effect/Effect"
import * as Dns from "effect/net/Dns"
import * as Host from "effect/net/Host"
import * as Result from "effect/Result"
import type { IoError } from "../../IoError.ts"
import type { ResolverOptions } from "../../ResolverOptions.ts"
import * as Check from "../Check.ts"
import * as NameServer from "./NameServer.ts"

/** What checked options come to. */
export interface ResolverSettings {
  /** Undefined: the system's. */
  readonly servers: ReadonlyArray<NameServer.NameServer> | undefined
  readonly timeoutMillis: number
  readonly tries: number
  readonly queriesMax: number
  /** 0: there is no cache. */
  readonly cacheEntriesMax: number
  readonly lookup: "dns" | "system"
}

const operation = "Resolver.configure"
const serversMax = 8
const timeoutMillisMax = 60_000

type Refusal = Effect.Effect<never, IoError> | undefined

const checkServers = (servers: ReadonlyArray<string> | undefined): Refusal => {
  if (servers === undefined) return undefined
  const wrong = servers.find((server) => NameServer.parse(server) === undefined)
  return wrong === undefined
    ? Check.integer(operation, "servers.length", servers.length, 1, serversMax)
    : Check.invalid(operation, "servers", "IP literals, each with a port or without", wrong)
}

const within = (argument: string, value: number | undefined, max: number): Refusal =>
  value === undefined ? undefined : Check.integer(operation, argument, value, 1, max)

const checkTimeout = (timeout: ResolverOptions["timeout"]): Refusal =>
  timeout === undefined
    ? undefined
    : Check.duration(operation, "timeout", timeout, timeoutMillisMax, 1)

export const check = (options: ResolverOptions): Refusal =>
  checkServers(options.servers) ??
  checkTimeout(options.timeout) ??
  within("tries", options.tries, 10) ??
  within("queriesMax", options.queriesMax, 1_024) ??
  within("cache.entriesMax", options.cache?.entriesMax, 1_000_000) ??
  (options.lookup === undefined || options.lookup === "dns" || options.lookup === "system"
    ? undefined
    : Check.invalid(operation, "lookup", "dns or system", options.lookup))

/** Of options that were checked. */
export const toSettings = (options: ResolverOptions): ResolverSettings => ({
  servers: options.servers?.map((server) => NameServer.parse(server)!),
  timeoutMillis: Check.millis(options.timeout ?? "2 seconds"),
  tries: options.tries ?? 2,
  queriesMax: options.queriesMax ?? 64,
  cacheEntriesMax: options.cache === undefined ? 0 : (options.cache.entriesMax ?? 1_024),
  lookup: options.lookup ?? "system"
})

/** A name as DNS has it: in ASCII, in lower case. */
export const checkName = (of: string, name: string): Effect.Effect<Host.DomainName, IoError> => {
  // Programs without types pass anything.
  const domain = Host.domainNameFromString(String(name))
  return Result.isSuccess(domain)
    ? Effect.succeed(domain.success)
    : Check.invalid(of, "name", "a domain name", name)
}

export const checkType = (of: string, type: Dns.RecordType): Refusal =>
  Dns.isRecordType(type)
    ? undefined
    : Check.invalid(of, "type", `one of ${Dns.recordTypes.join(", ")}`, type)

export const checkFamily = (of: string, family: 4 | 6 | undefined): Refusal =>
  family === undefined || family === 4 || family === 6
    ? undefined
    : Check.invalid(of, "family", "4 or 6", family)

/** RFC 6761 §6.3: `localhost` and what is below it are this host. */
export const isLocalhost = (name: string): boolean => /(?:^|\.)localhost\.?$/.test(name)
