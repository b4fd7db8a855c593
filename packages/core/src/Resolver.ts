/**
 * Names to addresses, DNS records, and addresses to names.
 *
 * `lookup` is how programs find the host to connect to; `resolve` asks name servers for records of
 * one type (RFC 1035). Names are those of `effect/net/Host`: international ones are converted
 * (`bücher.example`), what is none is `InvalidArgument` and asks nobody. `localhost` and names
 * below it are the loopback addresses (RFC 6761), and a literal is itself: neither is asked for.
 *
 * Interrupted, a call returns at once. A query of ours ends with it and its socket is closed; a
 * system lookup cannot be cancelled, so it goes on in the host, counts against the lookups that may
 * be under way, and its answer is dropped.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Dns from "effect/net/Dns"
import type { Answer, ResolvedAddress, ReverseAnswer } from "./Answer.ts"
import type { IoError } from "./IoError.ts"
import type { LookupOptions, ResolverOptions } from "./ResolverOptions.ts"

/** At least one, without duplicates, in the order in which they should be tried. */
export type Addresses = readonly [ResolvedAddress, ...ReadonlyArray<ResolvedAddress>]

export interface ResolverService {
  /**
   * Whether addresses of one family come sooner when asked for alone. False where each lookup holds
   * up the next.
   */
  readonly isPerFamily: boolean
  readonly lookup: (name: string, options?: LookupOptions) => Effect.Effect<Addresses, IoError>
  readonly resolve: <T extends Dns.RecordType>(
    name: string,
    type: T
  ) => Effect.Effect<Answer<T>, IoError>
  readonly reverse: (address: string) => Effect.Effect<ReverseAnswer, IoError>
  /**
   * A resolver of the same backend with these options instead of the defaults, and a cache of its
   * own. Fails with `InvalidArgument`.
   */
  readonly configure: (options: ResolverOptions) => Effect.Effect<ResolverService, IoError>
}

export class Resolver extends Context.Service<Resolver, ResolverService>()(
  "@portico/core/Resolver"
) {}

/** The resolver of the backend below, with these options. */
export const layer = (options: ResolverOptions): Layer.Layer<Resolver, IoError, Resolver> =>
  Layer.effect(
    Resolver,
    Resolver.use((resolver) => resolver.configure(options))
  )

/**
 * The addresses of a host. Fails with `NameNotFound`, `NoData` (none of that family),
 * `TemporaryFailure` or, asking by DNS, with what `resolve` fails with. Of two families one is
 * enough: what befell the other is not told.
 *
 * At most as many system lookups are under way as leave the host's thread pool room for files;
 * 10,000 may wait for their turn, beyond that it fails with `ResourceExhausted`.
 */
export const lookup = (
  name: string,
  options?: LookupOptions
): Effect.Effect<Addresses, IoError, Resolver> =>
  Resolver.use((resolver) => resolver.lookup(name, options))

/**
 * The records of one type at `name`, which is taken as absolute: no search domain is appended, and
 * the hosts file is not read. Aliases (CNAME) in the answer are followed, 16 at most.
 *
 * A server that fails, refuses or stays silent is left for the next one. Fails, when there is none
 * left, with the last one's `TimedOut`, `ServerFailure`, `QueryRefused`, `MalformedResponse`,
 * `ConnectionRefused` (nothing listens there) or `HostUnreachable`; `cause` is an `AggregateError`
 * of all of them in order. That there is nothing is an answer: `NameNotFound` when there is no such
 * name, `NoData` when it has no such record.
 */
export const resolve = <T extends Dns.RecordType>(
  name: string,
  type: T
): Effect.Effect<Answer<T>, IoError, Resolver> =>
  Resolver.use((resolver) => resolver.resolve(name, type))

/**
 * The names of an IP literal: of the hosts file, else of the PTR records at its reverse name. Fails
 * as `resolve` does.
 */
export const reverse = (address: string): Effect.Effect<ReverseAnswer, IoError, Resolver> =>
  Resolver.use((resolver) => resolver.reverse(address))
