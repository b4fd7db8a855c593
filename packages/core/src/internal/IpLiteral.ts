/** IP literals in one spelling each; an IPv4-mapped one (RFC 4291 §2.5.5.2) is the IPv4 address. */
import * as NetAddress from "effect/net/NetAddress"
import * as Option from "effect/Option"
import * as Result from "effect/Result"

export interface IpLiteral {
  readonly family: 4 | 6
  /** As the kernel writes it; IPv6 with the `%scope` that it was given. */
  readonly host: string
  readonly isMulticast: boolean
}

/** Undefined for a name and for what is no literal at all. */
export const parse = (text: string): IpLiteral | undefined => {
  const [bare, scope, ...others] = text.split("%")
  if (scope === "" || others.length > 0) return undefined
  const ip = Result.getOrUndefined(NetAddress.ipFromString(bare!))
  if (ip === undefined) return undefined
  const v4 = NetAddress.isIpv4Address(ip)
    ? ip
    : Option.getOrUndefined(NetAddress.fromIpv4Mapped(ip))
  // A scope belongs to IPv6.
  if (v4 !== undefined && scope !== undefined) return undefined
  const literal = NetAddress.formatIp(v4 ?? ip)
  return {
    family: v4 === undefined ? 6 : 4,
    host: scope === undefined ? literal : `${literal}%${scope}`,
    isMulticast: NetAddress.isMulticast(v4 ?? ip)
  }
}

/** How a dual-stack socket names an IPv4 address. */
export const mapped = (host: string): string => `::ffff:${host}`
