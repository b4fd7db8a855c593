/** The options of a `Resolver`, with their bounds and defaults. */
import type * as Duration from "effect/Duration"

export interface ResolverOptions {
  /**
   * Name servers, asked in this order: `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53`,
   * `[2001:db8::53]:53`; 1 to 8. They must answer for all names (recursive). Default: the system's,
   * looked up anew with each query; 127.0.0.1 when it has none.
   */
  readonly servers?: ReadonlyArray<string> | undefined
  /**
   * How long one server has for one try, over UDP and, for what is truncated, again over TCP: 1
   * millisecond to 1 minute. Default 2 seconds.
   */
  readonly timeout?: Duration.Input | undefined
  /**
   * How often each server is tried, 1 to 10. Default 2. All are tried once before any is tried
   * again; so `timeout × tries × servers` is the longest that a query takes over UDP.
   */
  readonly tries?: number | undefined
  /** Queries under way at once, 1 to 1,024; others wait their turn. Default 64. */
  readonly queriesMax?: number | undefined
  /** Keeps answers, also negative ones. Default: none are kept, each call asks. */
  readonly cache?: CacheOptions | undefined
  /**
   * Who answers `lookup`: `system` is the host's own resolver (getaddrinfo(3)), with all that the
   * system consults; `dns` is the hosts file and then the name servers, with TTLs and cancellation,
   * for names as they are: search domains are the system's. Default `system`.
   */
  readonly lookup?: "dns" | "system" | undefined
}

/**
 * Answers are kept for their TTL, at most a day; that there is none (RFC 2308) for what the zone's
 * SOA record says, at most three hours. Who asks what is being asked already, waits for that.
 */
export interface CacheOptions {
  /** Answers kept, 1 to 1,000,000; beyond, the least recently used is dropped. Default 1,024. */
  readonly entriesMax?: number | undefined
}

export interface LookupOptions {
  /** Only addresses of this family. Default: both. */
  readonly family?: 4 | 6 | undefined
}
