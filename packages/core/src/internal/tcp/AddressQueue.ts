/**
 * The addresses of a host that are still to be tried, in the order of RFC 8305 §4: IPv6 first, then
 * the families in turn, each in its resolver's order. Some may be added while others are taken.
 */
import type { ResolvedAddress } from "../../Answer.ts"

export type Family = ResolvedAddress["family"]

export const otherFamily = (family: Family): Family => (family === 6 ? 4 : 6)

/** Addresses of one family that are tried at most: more would be sockets without a bound. */
export const addressesMax = 32

export class AddressQueue {
  private readonly waiting: { readonly [F in Family]: Array<string> } = { 4: [], 6: [] }
  private readonly known: { readonly [F in Family]: Set<string> } = { 4: new Set(), 6: new Set() }
  private next: Family = 6

  get isEmpty(): boolean {
    return this.waiting[4].length === 0 && this.waiting[6].length === 0
  }

  /** Each address is tried once, and the first 32 of a family only. */
  add(addresses: ReadonlyArray<ResolvedAddress>): void {
    for (const { family, host } of addresses) {
      const known = this.known[family]
      if (known.has(host) || known.size >= addressesMax) continue
      known.add(host)
      this.waiting[family].push(host)
    }
  }

  take(): string | undefined {
    const family = this.waiting[this.next].length > 0 ? this.next : otherFamily(this.next)
    this.next = otherFamily(family)
    return this.waiting[family].shift()
  }
}
