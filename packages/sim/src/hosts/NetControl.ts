/** Faults of the network, each for as long as its scope lasts. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { chanceMax, type LinkState } from "../kernel/Link.ts"
import type { LinkChange } from "../kernel/Links.ts"
import type { Network, Rule } from "../kernel/Network.ts"
import { toNanos } from "../effect/SimClock.ts"
import type { WorldTrace } from "../trace/WorldTrace.ts"
import type { HostHandle } from "./HostHandle.ts"

/** Some hosts; `all` are those that there will be, too. */
export type Hosts = HostHandle | ReadonlyArray<HostHandle> | "all"

export interface DirectionOptions {
  /** Default `both`. */
  readonly direction?: "both" | "aToB" | "bToA" | undefined
}

export interface PartitionOptions extends DirectionOptions {
  /**
   * `drop` (the default): in silence. `reject`: the sender is told that the host is unreachable;
   * connects fail at once, connections that exist go on trying.
   */
  readonly mode?: "drop" | "reject" | undefined
}

/** What links do to packets. What is left out stays as it is. Chances are from 0 to 1. */
export interface LinkFaults {
  /** The least that a packet takes, and the most. One duration is both. */
  readonly latency?:
    | Duration.Input
    | { readonly min: Duration.Input; readonly max: Duration.Input }
    | undefined
  /** Packets that take up to 16 times what `latency` allows beyond its least. */
  readonly tail?: number | undefined
  /**
   * Packets that are lost. A datagram that leaves in fragments (of 1,500 bytes with their headers)
   * is lost with any of them.
   */
  readonly loss?: number | undefined
  readonly duplicate?: number | undefined
  /** Packets that others overtake. Datagrams may be overtaken in any case. */
  readonly reorder?: number | undefined
  /**
   * Bytes that get onto the link in a second, 66 of headers a packet among them; 1 or more.
   * What has to wait does so in a queue of 256 KiB; packets that find no room there are lost.
   */
  readonly bytesPerSecondMax?: number | undefined
}

export interface NetControl {
  /** Nothing gets from one side to the other. Packets that are under way arrive. */
  readonly partition: (
    a: Hosts,
    b: Hosts,
    options?: PartitionOptions
  ) => Effect.Effect<void, never, Scope.Scope>
  /** A partition between these hosts and all others. */
  readonly isolate: (
    hosts: HostHandle | ReadonlyArray<HostHandle>,
    options?: PartitionOptions
  ) => Effect.Effect<void, never, Scope.Scope>
  /** Packets wait, in their order, until the scope closes; at most 65,536 of a direction. */
  readonly hold: (
    a: Hosts,
    b: Hosts,
    options?: DirectionOptions
  ) => Effect.Effect<void, never, Scope.Scope>
  /** Between each of `a` and each of `b`; a host's loopback is meant when it is in both. */
  readonly link: (
    a: Hosts,
    b: Hosts,
    faults: LinkFaults,
    options?: DirectionOptions
  ) => Effect.Effect<void, never, Scope.Scope>
  /**
   * Asked for each packet, in the order of rules; the first that does not let pass decides. It has
   * to be quick and, to be replayed, depend on nothing but packets.
   */
  readonly rule: (rule: Rule) => Effect.Effect<void, never, Scope.Scope>
}

const namesOf = (hosts: Hosts): string =>
  hosts === "all"
    ? "all"
    : [hosts]
        .flat()
        .map((host) => (host as HostHandle).name)
        .join(", ")

const others = (hosts: Hosts | undefined): string =>
  hosts === undefined ? "others" : namesOf(hosts)

const arrows = { both: "|", aToB: "-|>", bToA: "<|-" }

export const make = (
  network: Network,
  numberOf: (host: HostHandle) => number,
  trace?: WorldTrace
): NetControl => {
  const matcher = (hosts: Hosts): ((number: number) => boolean) => {
    if (hosts === "all") return () => true
    const numbers = new Set([hosts].flat().map((host) => numberOf(host as HostHandle)))
    return (number) => numbers.has(number)
  }
  const scoped = (add: () => () => void) =>
    Effect.asVoid(Effect.acquireRelease(Effect.sync(add), (remove) => Effect.sync(remove)))
  const during = (
    isA: (number: number) => boolean,
    isB: (number: number) => boolean,
    direction: DirectionOptions["direction"],
    change: Partial<LinkState>,
    told: (() => () => void) | undefined
  ) => {
    const applies: LinkChange["applies"] = (from, to) =>
      (direction !== "bToA" && isA(from) && isB(to)) ||
      (direction !== "aToB" && isB(from) && isA(to))
    return scoped(() => {
      const end = told?.()
      const remove = network.links.add({ applies, change })
      return () => {
        remove()
        end?.()
      }
    })
  }
  const tell = (a: Hosts, b: Hosts | undefined, direction: keyof typeof arrows = "both") =>
    trace && (() => trace.partition([namesOf(a), arrows[direction], others(b)].join(" ")))
  const tellFault = (what: string, a: Hosts, b: Hosts) =>
    trace && (() => trace.fault(`${what} ${namesOf(a)} | ${namesOf(b)}`))
  return {
    partition: (a, b, { direction, mode = "drop" } = {}) =>
      during(matcher(a), matcher(b), direction, { partition: mode }, tell(a, b, direction)),
    isolate: (hosts, { direction, mode = "drop" } = {}) => {
      const isInside = matcher(hosts)
      const isOutside = (number: number) => !isInside(number)
      const told = tell(hosts, undefined, direction)
      return during(isInside, isOutside, direction, { partition: mode }, told)
    },
    hold: (a, b, { direction } = {}) => {
      const told = tellFault("hold", a, b)
      return during(matcher(a), matcher(b), direction, { isHeld: true }, told)
    },
    link: (a, b, faults, { direction } = {}) => {
      const told = tellFault("link", a, b)
      return during(matcher(a), matcher(b), direction, toLink(faults), told)
    },
    rule: (rule) =>
      scoped(() => {
        network.rules = [...network.rules, rule]
        return () => {
          network.rules = network.rules.filter((other) => other !== rule)
        }
      })
  }
}

/** Throws when a chance is none, or a number of bytes. */
export const toLink = (faults: LinkFaults): Partial<LinkState> => {
  const { bytesPerSecondMax, duplicate, latency, loss, reorder, tail } = faults
  return {
    ...(latency === undefined ? {} : toLatency(latency)),
    ...(tail === undefined ? {} : { tail: toChance(tail) }),
    ...(loss === undefined ? {} : { loss: toChance(loss) }),
    ...(duplicate === undefined ? {} : { duplicate: toChance(duplicate) }),
    ...(reorder === undefined ? {} : { reorder: toChance(reorder) }),
    ...(bytesPerSecondMax === undefined ? {} : { bytesPerSecondMax: toRate(bytesPerSecondMax) })
  }
}

export const toLatency = (
  latency: NonNullable<LinkFaults["latency"]>
): Pick<LinkState, "latencyNanos" | "spreadNanos"> => {
  const isRange = typeof latency === "object" && "min" in latency
  const { max, min } = isRange ? latency : { min: latency, max: latency }
  const latencyNanos = Math.max(1, toNanos(min))
  return { latencyNanos, spreadNanos: Math.max(0, toNanos(max) - latencyNanos) }
}

const toRate = (bytes: number): number => {
  if (bytes >= 1) return bytes
  throw new RangeError(`A link must take 1 byte a second or more: ${bytes}`)
}

const toChance = (chance: number): number => {
  if (chance >= 0 && chance <= 1) return Math.round(chance * chanceMax)
  throw new RangeError(`A chance must be from 0 to 1: ${chance}`)
}
