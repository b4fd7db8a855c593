/** What a `Resolver` answers with. */
import type * as Duration from "effect/Duration"
import type * as Dns from "effect/net/Dns"
import type * as Option from "effect/Option"

/** An address of a host, as `Tcp.connect` and `Udp` take it. */
export interface ResolvedAddress {
  /** An IPv4 or IPv6 literal; IPv6 with its `%scope` where the system gave one. */
  readonly host: string
  readonly family: 4 | 6
  /** How long it may be kept; none where no name server said so. */
  readonly ttl: Option.Option<Duration.Duration>
}

export interface AnswerRecord<T extends Dns.RecordType> {
  readonly record: Dns.RecordFor<T>
  /** What is left of it: whole seconds, less the time it was in a cache. */
  readonly ttl: Duration.Duration
}

/** The records of one type that a name has. */
export interface Answer<T extends Dns.RecordType> {
  /** At least one, without duplicates, in the server's order. */
  readonly records: readonly [AnswerRecord<T>, ...ReadonlyArray<AnswerRecord<T>>]
  /** The name that has them: the one asked for, or where its aliases (CNAME) lead. Absolute. */
  readonly canonicalName: string
  /** The least of the records' and the aliases': how long the whole may be kept. */
  readonly ttl: Duration.Duration
  /** The server says that it has validated the answer (AD, RFC 4035). Trust it as its path. */
  readonly isAuthentic: boolean
  /** From the resolver's own cache, or from the flight of another fiber that asked the same. */
  readonly isShared: boolean
}

/** The names of an address. */
export interface ReverseAnswer {
  /** At least one, without duplicates: of the hosts file as they stand there, else absolute. */
  readonly names: readonly [string, ...ReadonlyArray<string>]
  /** None for names of the hosts file. */
  readonly ttl: Option.Option<Duration.Duration>
}
