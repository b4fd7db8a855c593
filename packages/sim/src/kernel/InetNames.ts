/** Who holds which TCP port of a host. */
import type { Prng } from "../Prng.ts"
import { type IpAddress, isWildcard } from "./IpAddress.ts"
import type { Listener } from "./Listener.ts"

export interface Binding {
  readonly ip: IpAddress
  readonly port: number
  readonly reusePort: boolean
  readonly ipv6Only: boolean
}

// Linux's default range (net.ipv4.ip_local_port_range).
const ephemeralFirst = 32_768
const ephemeralCount = 60_999 - ephemeralFirst + 1

export class InetNames {
  private readonly draws: Prng
  private readonly listeners = new Map<number, Array<Listener>>()
  private readonly held = new Map<number, number>()
  private nextOffset: number

  constructor(draws: Prng) {
    this.draws = draws
    this.nextOffset = draws.below(ephemeralCount)
  }

  /** A port that nobody uses, or undefined when none is left. The first one depends on the seed. */
  freePort(): number | undefined {
    for (let tries = 0; tries < ephemeralCount; tries++) {
      const port = ephemeralFirst + this.nextOffset
      this.nextOffset = (this.nextOffset + 1) % ephemeralCount
      if (!this.listeners.has(port) && !this.held.has(port)) return port
    }
    return undefined
  }

  /** Whether connections hold it as their local port. */
  isHeld(port: number): boolean {
    return this.held.has(port)
  }

  hold(port: number): void {
    this.held.set(port, (this.held.get(port) ?? 0) + 1)
  }

  release(port: number): void {
    const count = this.held.get(port)!
    if (count === 1) this.held.delete(port)
    else this.held.set(port, count - 1)
  }

  /** Whether a listener is in the way of `binding`. */
  conflicts(binding: Binding): boolean {
    const others = this.listeners.get(binding.port) ?? []
    return others.some(({ binding: other }) => {
      if (other === undefined || !overlaps(binding, other)) return false
      return !(binding.reusePort && other.reusePort)
    })
  }

  add(port: number, listener: Listener): void {
    const others = this.listeners.get(port)
    if (others === undefined) this.listeners.set(port, [listener])
    else others.push(listener)
  }

  remove(port: number, listener: Listener): void {
    const others = this.listeners.get(port)!.filter((other) => other !== listener)
    if (others.length === 0) this.listeners.delete(port)
    else this.listeners.set(port, others)
  }

  /** The listener a SYN to that address goes to: the most specific, drawn among equal ones. */
  find(ip: IpAddress, port: number): Listener | undefined {
    let best: Array<Listener> = []
    let bestRank = 0
    for (const listener of this.listeners.get(port) ?? []) {
      const rank = listener.binding === undefined ? 0 : rankOf(listener.binding, ip)
      if (rank > bestRank) best = []
      if (rank > 0 && rank >= bestRank) {
        bestRank = rank
        best.push(listener)
      }
    }
    return best.length < 2 ? best[0] : best[this.draws.below(best.length)]
  }
}

const rankOf = (binding: Binding, ip: IpAddress): number => {
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
