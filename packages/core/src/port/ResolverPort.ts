/**
 * What a backend provides for names: the system's own resolver and what is configured for it. DNS
 * itself is core's, over `UdpPort` and `TcpPort`.
 */
import type { PortFailure } from "./PortFailure.ts"

export interface LookupRequest {
  /** A host name in ASCII. */
  readonly name: string
  /** 0 is both. */
  readonly family: 0 | 4 | 6
}

export interface LookupEvents {
  /**
   * Literals in the system's order; IPv6 with `%scope` where the system gives one. None is as good
   * as `NameNotFound`.
   */
  onFound(addresses: ReadonlyArray<string>): void
  onFailed(failure: PortFailure): void
}

export interface ResolverPort {
  /**
   * Lookups that may be under way so that, were they all to hang, files could still be read: what
   * the host's thread pool leaves.
   */
  readonly lookupsMax: number
  /**
   * Asks the system (getaddrinfo(3)). Exactly one event follows, in a later callback. There is no
   * cancelling it. Keeps the process alive until then.
   */
  lookup(request: LookupRequest, events: LookupEvents): void
  /** The system's name servers, as `ResolverOptions.servers` writes them. Quick. */
  servers(): ReadonlyArray<string>
  /** The text of the hosts file (hosts(5)), empty where there is none. Quick. */
  hosts(): string
}
