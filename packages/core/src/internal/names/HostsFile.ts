/** The hosts file, hosts(5): an address and its names on each line. */
import { toLower } from "../../dns/DnsName.ts"
import * as IpLiteral from "../IpLiteral.ts"

/** Without the last dot, in lower case. */
const key = (name: string): string => toLower(name.endsWith(".") ? name.slice(0, -1) : name)

const withoutScope = (host: string): string => host.split("%")[0]!

export class HostsFile {
  private readonly addresses = new Map<string, Array<string>>()
  private readonly names = new Map<string, Array<string>>()

  /** Lines that are none are passed over, as the system does. */
  constructor(text: string) {
    for (const line of text.split("\n")) {
      const [address, ...names] = line.split("#")[0]!.trim().split(/\s+/)
      if (!address) continue
      const literal = IpLiteral.parse(address)
      if (literal === undefined) continue
      for (const name of names) {
        append(this.addresses, key(name), literal.host)
        append(this.names, withoutScope(literal.host), name)
      }
    }
  }

  /** Literals, as the file orders them. */
  addressesOf(name: string): ReadonlyArray<string> {
    return this.addresses.get(key(name)) ?? []
  }

  /** Names of a literal, the canonical one first. */
  namesOf(host: string): ReadonlyArray<string> {
    return this.names.get(withoutScope(host)) ?? []
  }
}

const append = (map: Map<string, Array<string>>, name: string, value: string): void => {
  const known = map.get(name)
  if (known === undefined) map.set(name, [value])
  else if (!known.includes(value)) known.push(value)
}
