/**
 * What carries packets between hosts, and from a host to itself. A packet that does not get there
 * is told to its parcel, so that a sender needs no timer as long as nothing is lost.
 */
import type { Prng } from "../Prng.ts"
import type { Strand } from "../loop/Strand.ts"
import type { Host, Timeline } from "./Host.ts"
import type { IpAddress } from "./IpAddress.ts"
import type { Link } from "./Link.ts"
import type { Links } from "./Links.ts"
import type { Site } from "./Site.ts"

/** Why a packet did not arrive; `held`: it may still. */
export type Loss = "dropped" | "rejected" | "held"

/** A packet on its way. */
export interface Parcel {
  readonly protocol: "tcp" | "udp"
  readonly kind: string
  /** Of payload. */
  readonly bytes: number
  /** Fragments that it goes in; it is lost when one of them is. */
  readonly fragments: number
  /** When the last of those arrives that it may not overtake; undefined if it may overtake any. */
  readonly order: { lastArrival: number } | undefined
  /** It is there. Called once more for a duplicate. */
  deliver(kernel: Host): void
  /** It is not, or not yet. Of a duplicate it is told as well. */
  lost(loss: Loss): void
}

/** What rules see of a packet. */
export interface PacketView {
  readonly from: string
  readonly to: string
  readonly protocol: "tcp" | "udp"
  readonly kind: string
  readonly bytes: number
}

/** What becomes of a packet: links decide, it is lost, the sender is told so, or it is late. */
export type RuleVerdict = "pass" | "drop" | "reject" | { readonly delayNanos: number }
export type Rule = (packet: PacketView) => RuleVerdict

/** What happened to a packet, for whoever keeps a trace. */
export type Passage = "sent" | "delivered" | "duplicated" | Loss
export type PacketWatch = (passage: Passage, from: Site, to: Site, parcel: Parcel) => void

interface Held {
  readonly from: Site
  readonly to: Site
  readonly parcel: Parcel
  readonly lane: Strand
}

/** Packets that wait on one held link. Those beyond are dropped. */
const heldMax = 65_536

export class Network {
  readonly timeline: Timeline
  readonly links: Links
  readonly draws: Prng
  readonly sites: Array<Site> = []
  /** In force now, first to last; the first that does not let pass decides. */
  rules: ReadonlyArray<Rule> = []
  watch: PacketWatch | undefined = undefined
  /** Packets that were lost, held, doubled or overtaken so far. */
  struck = 0
  private readonly byAddress = new Map<string, Site>()
  private readonly held = new Map<Link, Array<Held>>()

  constructor(timeline: Timeline, links: Links, draws: Prng) {
    this.timeline = timeline
    this.links = links
    this.draws = draws
    links.onReleased = this.release
  }

  add(site: Site): void {
    this.sites.push(site)
    for (const { literal } of site.addresses) this.byAddress.set(literal, site)
  }

  find(ip: IpAddress): Site | undefined {
    return this.byAddress.get(ip.literal)
  }

  /** Puts a packet on its way. `to` undefined: to an address that nobody has. */
  carry(from: Site, to: Site | undefined, parcel: Parcel, lane: Strand): void {
    if (to === undefined) return parcel.lost("dropped")
    const link = this.links.between(from.number, to.number)
    this.watch?.("sent", from, to, parcel)
    const verdict = this.rules.length === 0 ? "pass" : this.judge(from, to, parcel)
    const { isHeld, partition } = link.state
    if (verdict === "reject" || partition === "reject")
      return this.lose("rejected", from, to, parcel)
    if (verdict === "drop" || partition === "drop" || link.loses(this.draws, parcel.fragments)) {
      return this.lose("dropped", from, to, parcel)
    }
    if (isHeld) return this.hold(link, { from, to, parcel, lane })
    const late = typeof verdict === "object" ? verdict.delayNanos : 0
    this.launch(link, from, to, parcel, lane, late)
    if (link.duplicates(this.draws)) {
      this.struck++
      this.watch?.("duplicated", from, to, parcel)
      this.launch(link, from, to, parcel, lane, late)
    }
  }

  private launch(
    link: Link,
    from: Site,
    to: Site,
    parcel: Parcel,
    lane: Strand,
    late: number
  ): void {
    const { draws, timeline } = this
    const { bytes, fragments, order } = parcel
    const queued = link.transmit(timeline.now, bytes, fragments)
    if (queued === undefined) return this.lose("dropped", from, to, parcel)
    let delay = link.latency(draws) + queued + late
    const behind = link.overtaken(draws)
    if (behind > 0) this.struck++
    if (order !== undefined && behind === 0) {
      order.lastArrival = Math.max(timeline.now + delay, order.lastArrival)
      delay = order.lastArrival - timeline.now
    }
    timeline.after(delay + behind, lane, () => this.arrive(from, to, parcel))
  }

  private arrive(from: Site, to: Site, parcel: Parcel): void {
    const { kernel } = to
    if (kernel === undefined) return this.lose("dropped", from, to, parcel)
    this.watch?.("delivered", from, to, parcel)
    parcel.deliver(kernel)
  }

  private lose(loss: Loss, from: Site, to: Site, parcel: Parcel): void {
    this.struck++
    this.watch?.(loss, from, to, parcel)
    parcel.lost(loss)
  }

  private judge(from: Site, to: Site, { bytes, kind, protocol }: Parcel): RuleVerdict {
    const view = { from: from.name, to: to.name, protocol, kind, bytes }
    for (const rule of this.rules) {
      const verdict = rule(view)
      if (verdict !== "pass") return verdict
    }
    return "pass"
  }

  private hold(link: Link, held: Held): void {
    const queue = this.held.get(link) ?? []
    this.held.set(link, queue)
    const { from, parcel, to } = held
    if (queue.length === heldMax) return this.lose("dropped", from, to, parcel)
    queue.push(held)
    this.lose("held", from, to, parcel)
  }

  private readonly release = (link: Link): void => {
    const queue = this.held.get(link) ?? []
    this.held.delete(link)
    for (const { from, lane, parcel, to } of queue) this.launch(link, from, to, parcel, lane, 0)
  }
}
