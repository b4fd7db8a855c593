/** A `Resolver` over a backend's ports. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Dns from "effect/net/Dns"
import * as NetAddress from "effect/net/NetAddress"
import * as Option from "effect/Option"
import type { Answer, AnswerRecord, ReverseAnswer } from "../../Answer.ts"
import { IoError } from "../../IoError.ts"
import { Reason } from "../../Reason.ts"
import type { ResolverService } from "../../Resolver.ts"
import { AnswerCache, type Shared } from "./AnswerCache.ts"
import * as Check from "../Check.ts"
import { addressOf, DnsClient, type Query } from "./DnsClient.ts"
import type { HandleTable } from "../HandleTable.ts"
import * as IpLiteral from "../IpLiteral.ts"
import { makeLookup } from "./lookup.ts"
import type { Found, Nothing } from "./readAnswer.ts"
import * as Arguments from "./ResolverArguments.ts"
import { SystemHosts } from "./SystemHosts.ts"
import { SystemLookups } from "./SystemLookups.ts"

/** What all resolvers of a backend share, so that their lookups have one bound. */
export interface ResolverParts {
  readonly table: HandleTable
  readonly system: SystemLookups
  readonly hosts: SystemHosts
}

export const makeParts = (table: HandleTable): ResolverParts => ({
  table,
  system: new SystemLookups(table),
  hosts: new SystemHosts(table.ports)
})

/** The settings are of options that were checked. */
export const makeResolver = (
  parts: ResolverParts,
  settings: Arguments.ResolverSettings = Arguments.toSettings({})
): ResolverService => {
  const client = new DnsClient(parts.table, settings)
  const answer = settings.cacheEntriesMax === 0 ? asking(client) : caching(client, settings)
  const resolve = <T extends Dns.RecordType>(operation: string, name: string, type: T) =>
    Effect.suspend(
      (): Effect.Effect<Answer<T>, IoError> =>
        Arguments.checkType(operation, type) ??
        Effect.flatMap(Arguments.checkName(operation, name), (domain) =>
          Arguments.isLocalhost(domain)
            ? loopback(operation, domain, type)
            : toAnswer(answer, { operation, name: absolute(domain), type }, type)
        )
    )
  return {
    isPerFamily: settings.lookup === "dns" || parts.table.ports.resolver.lookupsMax > 1,
    lookup: makeLookup(parts, settings, resolve),
    resolve: (name, type) => resolve("Resolver.resolve", name, type),
    reverse: (address) => reverse(parts, resolve, address),
    configure: (options) =>
      Effect.suspend(
        () =>
          Arguments.check(options) ??
          Effect.succeed(makeResolver(parts, Arguments.toSettings(options)))
      )
  }
}

type Ask = (query: Query) => Effect.Effect<Shared<Found | Nothing>, IoError>

export type Resolve = <T extends Dns.RecordType>(
  operation: string,
  name: string,
  type: T
) => Effect.Effect<Answer<T>, IoError>

const asking =
  (client: DnsClient): Ask =>
  (query) =>
    Effect.map(client.ask(query), (value) => ({ value, ageSeconds: 0, isShared: false }))

const caching = (client: DnsClient, settings: Arguments.ResolverSettings): Ask => {
  const cache = new AnswerCache<Found | Nothing>(
    settings.cacheEntriesMax,
    ({ ttlSeconds }) => ttlSeconds
  )
  return (query) => cache.get(`${query.type} ${query.name}`, client.ask(query))
}

const absolute = (name: string): string => (name.endsWith(".") ? name : `${name}.`)

const toAnswer = <T extends Dns.RecordType>(
  ask: Ask,
  query: Query,
  type: T
): Effect.Effect<Answer<T>, IoError> =>
  Effect.flatMap(ask(query), ({ ageSeconds, isShared, value }) => {
    if (value._tag === "Nothing") {
      const { name, operation } = query
      const address = addressOf(name, type)
      return Effect.fail(new IoError({ operation, reason: value.reason, address }))
    }
    const left = (ttlSeconds: number) => Duration.seconds(Math.max(0, ttlSeconds - ageSeconds))
    const records = value.records.map(({ record, ttlSeconds }) => ({
      record,
      ttl: left(ttlSeconds)
    }))
    return Effect.succeed({
      // There is one at least, and they are of the type that was asked for.
      records: records as unknown as Answer<T>["records"],
      canonicalName: value.canonicalName,
      ttl: left(value.ttlSeconds),
      isAuthentic: value.isAuthentic,
      isShared
    })
  })

/** RFC 6761 §6.3: known without asking, and nothing but addresses. */
const loopback = <T extends Dns.RecordType>(
  operation: string,
  name: string,
  type: T
): Effect.Effect<Answer<T>, IoError> => {
  const address = type === "A" ? NetAddress.ipv4Loopback : NetAddress.ipv6Loopback
  if (type !== "A" && type !== "AAAA") {
    const reason = Reason.NoData()
    return Effect.fail(new IoError({ operation, reason, address: addressOf(name, type) }))
  }
  const record = Dns.makeRecordUnsafe(type, { address } as never) as Dns.RecordFor<T>
  const one: AnswerRecord<T> = { record, ttl: Duration.zero }
  return Effect.succeed({
    records: [one],
    canonicalName: absolute(name),
    ttl: Duration.zero,
    isAuthentic: false,
    isShared: false
  })
}

const reverse = (
  { hosts }: ResolverParts,
  resolve: Resolve,
  address: string
): Effect.Effect<ReverseAnswer, IoError> => {
  const operation = "Resolver.reverse"
  return Effect.suspend((): Effect.Effect<ReverseAnswer, IoError> => {
    const literal = IpLiteral.parse(String(address))
    if (literal === undefined) {
      return Check.invalid(operation, "address", "an IPv4 or IPv6 literal", address)
    }
    const [first, ...others] = hosts.current.namesOf(literal.host)
    if (first !== undefined) {
      return Effect.succeed({ names: [first, ...others], ttl: Option.none() })
    }
    const bare = NetAddress.ipFromStringUnsafe(literal.host.split("%")[0]!)
    return Effect.map(resolve(operation, Dns.reverseName(bare), "PTR"), ({ records, ttl }) => {
      const [head, ...tail] = records
      const names = tail.map(({ record }) => record.host)
      return { names: [head.record.host, ...names] as const, ttl: Option.some(ttl) }
    })
  })
}
