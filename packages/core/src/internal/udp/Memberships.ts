/** The groups that one datagram socket has joined; their number is bounded by the host. */
import type { Membership } from "../../port/UdpPort.ts"
import { Reason } from "../../Reason.ts"

/** Any source, or those. */
type Sources = "any" | Set<string>

export class Memberships {
  private readonly joined = new Map<string, Sources>()

  /** Why it cannot be joined as well. */
  conflict(membership: Membership): Reason | undefined {
    const sources = this.joined.get(keyOf(membership))
    if (sources === undefined) return undefined
    const { source } = membership
    const isNew = sources !== "any" && source !== undefined && !sources.has(source)
    return isNew ? undefined : Reason.AddressInUse()
  }

  has(membership: Membership): boolean {
    const sources = this.joined.get(keyOf(membership))
    if (sources === undefined || sources === "any") {
      return sources === "any" && membership.source === undefined
    }
    return membership.source !== undefined && sources.has(membership.source)
  }

  add(membership: Membership): void {
    const sources = this.joined.get(keyOf(membership))
    if (membership.source === undefined) this.joined.set(keyOf(membership), "any")
    else if (sources instanceof Set) sources.add(membership.source)
    else this.joined.set(keyOf(membership), new Set([membership.source]))
  }

  remove(membership: Membership): void {
    const sources = this.joined.get(keyOf(membership))
    if (sources instanceof Set) sources.delete(membership.source!)
    if (sources === "any" || sources?.size === 0) this.joined.delete(keyOf(membership))
  }
}

const keyOf = ({ group, interface: device }: Membership): string => `${group} ${device ?? ""}`
