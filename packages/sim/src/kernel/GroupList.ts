/** The multicast groups of one socket, each for any source or for some (RFC 3376 §3.2). */
import type { Errno } from "./Errno.ts"

// net.ipv4.igmp_max_memberships.
const groupsMax = 20

type Sources = "any" | Set<string>

export class GroupList {
  private readonly groups = new Map<string, Sources>()

  join(group: string, source: string | undefined): Errno | undefined {
    const sources = this.groups.get(group)
    if (sources === undefined) {
      if (this.groups.size === groupsMax) return "groupsUsedUp"
      this.groups.set(group, source === undefined ? "any" : new Set([source]))
      return undefined
    }
    if (source === undefined) return "addressInUse"
    // Linux lets one that took any source turn to some.
    if (sources === "any") this.groups.set(group, new Set([source]))
    else if (sources.has(source)) return "addressNotAvailable"
    else sources.add(source)
    return undefined
  }

  leave(group: string, source: string | undefined): Errno | undefined {
    const sources = this.groups.get(group)
    if (sources === undefined) return "addressNotAvailable"
    if (source !== undefined) {
      if (sources === "any" || !sources.delete(source)) return "addressNotAvailable"
      if (sources.size > 0) return undefined
    }
    this.groups.delete(group)
    return undefined
  }

  has(group: string): boolean {
    return this.groups.has(group)
  }

  /**
   * Whether a datagram to the group reaches the socket. One that did not join takes what others of
   * its host joined for (IP_MULTICAST_ALL, which is on by default).
   */
  accepts(group: string, source: string): boolean {
    const sources = this.groups.get(group)
    return sources === undefined || sources === "any" || sources.has(source)
  }
}
