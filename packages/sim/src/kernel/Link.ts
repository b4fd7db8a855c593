/**
 * One direction between two hosts, or a host's loopback: what it does to packets.
 *
 * Chances are in 1,024ths. Whatever is drawn, 0 is the mildest: least latency, no fault. Latencies
 * are drawn by integer arithmetic, because engines round transcendental functions differently.
 */
import type { Prng } from "../Prng.ts"

export const chanceMax = 1024

export interface LinkState {
  /** The least that a packet takes, in nanoseconds. */
  readonly latencyNanos: number
  /** What it may take beyond that. */
  readonly spreadNanos: number
  /** Packets that take up to 16 times the spread beyond the least latency. */
  readonly tail: number
  readonly loss: number
  readonly duplicate: number
  /** Packets that others may overtake, by up to four times what a packet takes at most. */
  readonly reorder: number
  /** What gets onto it in a second, headers included; `Infinity` for any amount. */
  readonly bytesPerSecondMax: number
  /** Nothing gets through; `reject`: the sender is told so (ICMP's "host unreachable"). */
  readonly partition: "none" | "drop" | "reject"
  /** Packets wait until the link is released. */
  readonly isHeld: boolean
}

export const perfect = (latencyNanos: number): LinkState => ({
  latencyNanos,
  spreadNanos: 0,
  tail: 0,
  loss: 0,
  duplicate: 0,
  reorder: 0,
  bytesPerSecondMax: Infinity,
  partition: "none",
  isHeld: false
})

// What latencies are drawn from: fine enough, and `below` takes no more than 2^21.
const grain = 4096
const tailFactor = 16
const nanosPerSecond = 1e9
const overtakenFactor = 4

/** Of Ethernet, IPv4, and TCP with timestamps. */
const headerBytes = 66
/** What waits to get onto a link, as in a router. Packets beyond are lost. */
export const queueBytesMax = 262_144

export class Link {
  readonly from: number
  readonly to: number
  private current: LinkState
  /** Nothing is drawn for a packet. */
  private isPlain = true
  /** When all that was put onto it has left, in virtual nanoseconds. */
  private busyUntil = 0

  constructor(from: number, to: number, state: LinkState) {
    this.from = from
    this.to = to
    this.current = state
    this.state = state
  }

  get state(): LinkState {
    return this.current
  }

  set state(state: LinkState) {
    this.current = state
    this.isPlain =
      state.spreadNanos + state.tail + state.loss + state.duplicate + state.reorder === 0
  }

  /** Nanoseconds until a packet is there. */
  latency(draws: Prng): number {
    const { latencyNanos, spreadNanos, tail } = this.current
    if (this.isPlain || spreadNanos === 0) return latencyNanos
    const spread = happens(draws, tail) ? spreadNanos * tailFactor : spreadNanos
    return latencyNanos + Math.floor((spread * draws.below(grain)) / grain)
  }

  /**
   * Nanoseconds until a packet of that payload has left, each fragment with headers; undefined if
   * there is no room for it.
   */
  transmit(now: number, bytes: number, fragments = 1): number | undefined {
    const { bytesPerSecondMax } = this.current
    if (bytesPerSecondMax === Infinity) return 0
    const wait = Math.max(0, this.busyUntil - now)
    const size = bytes + headerBytes * fragments
    if ((wait * bytesPerSecondMax) / nanosPerSecond + size > queueBytesMax) return undefined
    const leaves = wait + Math.ceil((size * nanosPerSecond) / bytesPerSecondMax)
    this.busyUntil = now + leaves
    return leaves
  }

  /** One draw for all fragments: any of them may be lost. */
  loses(draws: Prng, fragments = 1): boolean {
    return !this.isPlain && happens(draws, lossOf(this.current.loss, fragments))
  }

  duplicates(draws: Prng): boolean {
    return !this.isPlain && happens(draws, this.current.duplicate)
  }

  /** How much later than it would a packet is there, so that others overtake it; 0 for none. */
  overtaken(draws: Prng): number {
    if (this.isPlain || !happens(draws, this.current.reorder)) return 0
    const { latencyNanos, spreadNanos } = this.current
    const most = (latencyNanos + spreadNanos) * overtakenFactor
    return 1 + Math.floor((most * draws.below(grain)) / grain)
  }
}

// That not all of them arrive. By multiplying: engines round powers differently.
const lossOf = (loss: number, fragments: number): number => {
  let arrives = 1
  for (let left = fragments; left > 0; left--) arrives *= (chanceMax - loss) / chanceMax
  return fragments === 1 ? loss : Math.round((1 - arrives) * chanceMax)
}

const happens = (draws: Prng, chance: number): boolean =>
  chance > 0 && draws.below(chanceMax) >= chanceMax - chance
