/** What a simulated world is made of. */
import { type GlobalsPort, PortFailure } from "@portico/core/port/index"
import { format } from "@portico/core/Reason"
import type * as Duration from "effect/Duration"
import type { EscapePolicy } from "./escape/Escapes.ts"
import type { HostOptions } from "./kernel/Host.ts"
import { toNanos } from "./effect/SimClock.ts"
import { readTrust } from "./tls/SimTlsContext.ts"
import type { TraceRing } from "./trace/TraceRing.ts"
import type { Order, WorldOptions } from "./World.ts"
import type { X509Certificate } from "./x509/X509Certificate.ts"

export interface SimOptions {
  /** Decides everything that is left to chance: an integer from 0 to 2^53 - 1. */
  readonly seed: number
  /** Which ready task runs next: the oldest, as on a host, or any. Default `fifo`. */
  readonly order?: Order | undefined
  /** Steps after which the world halts, 1 or more. Default 10,000,000. */
  readonly stepsMax?: number | undefined
  /** Virtual time after which the world halts, at most 100 days, the default. */
  readonly timeMax?: Duration.Input | undefined
  /** What one packet takes to the other end, 1 nanosecond or more. Default 10 microseconds. */
  readonly latency?: Duration.Input | undefined
  /** Written and not yet confirmed by the peer's kernel, per socket, 1 or more. Default 212,992. */
  readonly sendBufferBytes?: number | undefined
  /** Received and not yet read, per socket, 1 or more. Default 212,992. */
  readonly receiveBufferBytes?: number | undefined
  /** Open sockets of the host, 1 or more. Beyond, `ResourceExhausted`. Default 20,000. */
  readonly descriptorsMax?: number | undefined
  /** The authorities that TLS trusts as the system's: certificates in PEM. Default none. */
  readonly authorities?: ReadonlyArray<string> | undefined
  /**
   * The host that the simulator runs on (`NodeGlobals.globals`, `BunGlobals.globals`). With it,
   * native promises settle within `simulate`, which then has to be called from a macrotask.
   */
  readonly host?: GlobalsPort | undefined
  /**
   * What becomes of programs that reach past their services for the host's time, chance or timers:
   * see `EscapePolicy`. Other than `allow`, the default, only with `host`.
   */
  readonly escapes?: EscapePolicy | undefined
  /** Told everything that happens. Default none, which costs nothing. */
  readonly trace?: TraceRing | undefined
}

const daysNanos = 86_400 * 1e9
const timeMaxDays = 100

export const toWorld = (options: SimOptions): WorldOptions => ({
  seed: integer("seed", options.seed, 0, Number.MAX_SAFE_INTEGER),
  order: options.order ?? "fifo",
  stepsMax: integer("stepsMax", options.stepsMax ?? 10_000_000, 1, Number.MAX_SAFE_INTEGER),
  timeMaxNanos: nanos("timeMax", options.timeMax ?? `${timeMaxDays} days`)
})

export const toHost = (options: SimOptions): HostOptions => ({
  sendBufferBytes: bytes("sendBufferBytes", options.sendBufferBytes),
  receiveBufferBytes: bytes("receiveBufferBytes", options.receiveBufferBytes),
  descriptorsMax: integer("descriptorsMax", options.descriptorsMax ?? 20_000, 1, 1e9),
  latencyNanos: nanos("latency", options.latency ?? "10 micros")
})

export const toAuthorities = ({ authorities = [] }: SimOptions): ReadonlyArray<X509Certificate> => {
  const read = readTrust(authorities)
  if (!(read instanceof PortFailure)) return read
  throw new RangeError(`The simulator's authorities: ${format(read.reason)}`)
}

const bytes = (name: string, value: number | undefined): number =>
  integer(name, value ?? 212_992, 1, 2 ** 31)

const nanos = (name: string, value: Duration.Input): number =>
  integer(`${name} in nanoseconds`, toNanos(value), 1, timeMaxDays * daysNanos)

// The options are the test's own text, so a wrong one is a bug there: thrown, hence a defect.
const integer = (name: string, value: number, min: number, max: number): number => {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value
  throw new RangeError(`The simulator's ${name} must be an integer from ${min} to ${max}: ${value}`)
}
