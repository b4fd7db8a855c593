/**
 * The interface that a multicast option names by its address, as Node and Bun take it.
 *
 * For IPv4 the kernel finds it. For IPv6 hosts read the zone of a literal and nothing else, and a
 * zone that they do not know means any interface to them: so it is looked up here.
 */
import { networkInterfaces } from "node:os"

/** `::%eth0` for `fe80::1%eth0` or for an address of that interface; undefined without one. */
export const find = (address: string): string | undefined => {
  if (!address.includes(":") || address === "::") return address
  const [literal, zone] = address.split("%")
  const index = Number(zone ?? 0)
  for (const [name, entries = []] of Object.entries(networkInterfaces())) {
    const isNamed =
      zone === undefined
        ? entries.some((entry) => entry.address === literal)
        : name === zone || (index > 0 && entries.some((entry) => scopeOf(entry) === index))
    if (isNamed) return `::%${name}`
  }
  return undefined
}

const scopeOf = (entry: { readonly scopeid?: number | null }): number => entry.scopeid ?? 0
