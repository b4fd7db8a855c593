/** The options of `Tcp.connect`, `Tcp.listen` and `Tcp.serve`, with their bounds and defaults. */
import type * as Duration from "effect/Duration"
import type { InetInput, Input } from "./Address.ts"
import type { ResolverService } from "./Resolver.ts"

export interface StreamOptions {
  /** TCP_NODELAY. Default true: Portico joins small writes of a turn itself. */
  readonly noDelay?: boolean | undefined
  /** How long `close` lets queued bytes leave, at most 10 minutes. Default 1 second. */
  readonly closeGrace?: Duration.Input | undefined
}

export type ConnectOptions = Input &
  StreamOptions & {
    /** Bind here first: a host literal and a port, 0 for any. Capability `localBind`. */
    readonly local?: InetInput | undefined
    /**
     * Who looks up a host that is a name. Default: the backend's own resolver.
     */
    readonly resolver?: ResolverService | undefined
    /**
     * A name: how long one attempt has before the next address is tried beside it (RFC 8305 §5), 10
     * milliseconds to 10 seconds. Default 250 milliseconds.
     */
    readonly attemptDelay?: Duration.Input | undefined
    /**
     * A name: how long IPv4 waits for IPv6 addresses, which are preferred (RFC 8305 §3), at most 10
     * seconds. Default 50 milliseconds.
     */
    readonly resolutionDelay?: Duration.Input | undefined
    /** Give up with `TimedOut` after this long, at most 24 hours. Default: the protocol's limit. */
    readonly timeout?: Duration.Input | undefined
  }

export type ListenOptions = Input &
  StreamOptions & {
    /** Connections the kernel holds before accept, 1–65535. Capability `listenBacklog`. */
    readonly backlog?: number | undefined
    /**
     * Connections held between kernel and `accept` where the host accepts eagerly, 1–65535. Default
     * 1024.
     */
    readonly acceptQueueMax?: number | undefined
    /** SO_REUSEPORT. Default false. Capability `reusePort`. */
    readonly reusePort?: boolean | undefined
    /** For an IPv6 host: refuse IPv4. Default false: `::` accepts both. Capability `ipv6Only`. */
    readonly ipv6Only?: boolean | undefined
    /** Unix: permission bits of the file, 0–0o777. Capability `unixMode`. */
    readonly mode?: number | undefined
    /** Unix: when the path exists but nothing listens there, remove it first. Default false. */
    readonly unlinkStale?: boolean | undefined
  }

export type ServeOptions = ListenOptions & {
  /** Handlers that may run at once, 1–1,000,000. Required: a server without a bound is a leak. */
  readonly connectionsMax: number
  /**
   * When the scope ends: how long handlers may finish before interruption, at most 24 hours.
   * Default 5 seconds.
   */
  readonly drainDeadline?: Duration.Input | undefined
}
