/** Who holds which port of a host: one such list for TCP, one for UDP. */
import type { PortAddress } from "@portico/core/port/index"
import type { Prng } from "../Prng.ts"
import { type IpAddress, isWildcard } from "./IpAddress.ts"

export interface Binding {
  readonly ip: IpAddress
  readonly port: number
  readonly reusePort: boolean
  readonly ipv6Only: boolean
  /** UDP: shared among those that all say so (SO_REUSEADDR). */
  readonly reuseAddress?: boolean
}

/** A listener, or a datagram socket. */
export interface Holder {
  readonly binding: Binding | undefined
}

// Linux's default range (net.ipv4.ip_local_port_range).
const ephemeralFirst = 32_768
const ephemeralCount = 60_999 - ephemeralFirst + 1

export class InetNames<H extends Holder> {
  private readonly draws: Prng
  private readonly holders = new Map<number, Array<H>>()
  private readonly held = new Map<number, number>()
  /** Ports by who is at their other end: until when nobody else may connect there from them. */
  private readonly taken = new Map<string, number>()
  private nextOffset: number

  constructor(draws: Prng) {
    this.draws = draws
    this.nextOffset = draws.below(ephemeralCount)
  }

  /**
   * A port that nobody uses, or undefined when none is left. The first one depends on the seed. For
   * a connection to `remote`, connections to others may have it.
   */
  freePort(remote?: string, now = 0): number | undefined {
    for (let tries = 0; tries < ephemeralCount; tries++) {
      const port = ephemeralFirst + this.nextOffset
      this.nextOffset = (this.nextOffset + 1) % ephemeralCount
      if (this.holders.has(port)) continue
      if (remote === undefined ? !this.held.has(port) : this.isFree(port, remote, now)) return port
    }
    return undefined
  }

  /** Whether connections hold it as their local port. */
  isHeld(port: number): boolean {
    return this.held.has(port)
  }

  /** Whether a connection from the port to `remote` could be made. */
  isFree(port: number, remote: string, now: number): boolean {
    const key = `${port} ${remote}`
    const until = this.taken.get(key)
    if (until === undefined) return true
    if (until > now) return false
    this.taken.delete(key)
    return true
  }

  hold(port: number, remote: string): void {
    this.held.set(port, (this.held.get(port) ?? 0) + 1)
    this.taken.set(`${port} ${remote}`, Infinity)
  }

  /** Nobody connects from the port to `remote` until then, in virtual nanoseconds. */
  linger(port: number, remote: string, until: number): void {
    this.taken.set(`${port} ${remote}`, until)
  }

  release(port: number, remote: string): void {
    const key = `${port} ${remote}`
    if (this.taken.get(key) === Infinity) this.taken.delete(key)
    const count = this.held.get(port)!
    if (count === 1) this.held.delete(port)
    else this.held.set(port, count - 1)
  }

  /** Whether a socket is in the way of `binding`. */
  conflicts(binding: Binding): boolean {
    const others = this.holders.get(binding.port) ?? []
    return others.some(({ binding: other }) => {
      if (other === undefined || !overlaps(binding, other)) return false
      const isShared = binding.reuseAddress === true && other.reuseAddress === true
      return !isShared && !(binding.reusePort && other.reusePort)
    })
  }

  add(port: number, holder: H): void {
    const others = this.holders.get(port)
    if (others === undefined) this.holders.set(port, [holder])
    else others.push(holder)
  }

  remove(port: number, holder: H): void {
    const others = this.holders.get(port)!.filter((other) => other !== holder)
    if (others.length === 0) this.holders.delete(port)
    else this.holders.set(port, others)
  }

  /** All that hold the port, in the order in which they were bound. */
  at(port: number): ReadonlyArray<H> {
    return this.holders.get(port) ?? []
  }

  /** Whether any socket, on whatever port, is such. */
  some(is: (holder: H) => boolean): boolean {
    for (const holders of this.holders.values()) if (holders.some(is)) return true
    return false
  }

  /** The listener a SYN to that address goes to: the most specific, drawn among equal ones. */
  find(ip: IpAddress, port: number): H | undefined {
    let best: Array<H> = []
    let bestRank = 0
    for (const holder of this.at(port)) {
      const rank = holder.binding === undefined ? 0 : rankOf(holder.binding, ip)
      if (rank > bestRank) best = []
      if (rank > 0 && rank >= bestRank) {
        bestRank = rank
        best.push(holder)
      }
    }
    return best.length < 2 ? best[0] : best[this.draws.below(best.length)]
  }
}

/** The other end of a connection, as ports are held against it. */
export const remoteKey = (remote: PortAddress | undefined): string =>
  remote?._tag === "Inet" ? `${remote.host} ${remote.port}` : ""

/** How well a binding fits an address: exactly (3), as a wildcard (2), as a dual-stack one (1). */
export const rankOf = (binding: Binding, ip: IpAddress): number => {
  if (binding.ip.family !== ip.family) return isDualStack(binding) ? 1 : 0
  if (binding.ip.literal === ip.literal) return 3
  return isWildcard(binding.ip) ? 2 : 0
}

const overlaps = (left: Binding, right: Binding): boolean => {
  if (left.ip.family !== right.ip.family) return isDualStack(left) || isDualStack(right)
  return left.ip.literal === right.ip.literal || isWildcard(left.ip) || isWildcard(right.ip)
}

const isDualStack = (binding: Binding): boolean =>
  binding.ip.family === 6 && isWildcard(binding.ip) && !binding.ipv6Only
