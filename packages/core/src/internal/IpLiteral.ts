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

const zero = 48
const nine = 57
const dot = 46

/**
 * Whether `text` is four decimal numbers up to 255 without leading zeroes, and nothing else. Of one
 * that is not, Effect's parser makes an error with its stack, which costs more than a connection.
 */
export const isIpv4 = (text: string): boolean => {
  let dots = 0
  let digits = 0
  let value = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === dot) {
      if (digits === 0 || ++dots > 3) return false
      digits = 0
      value = 0
    } else {
      if (code < zero || code > nine || (digits > 0 && value === 0)) return false
      digits++
      value = value * 10 + code - zero
      if (value > 255) return false
    }
  }
  return dots === 3 && digits > 0
}

/** Undefined for a name and for what is no literal at all. */
export const parse = (text: string): IpLiteral | undefined => {
  if (!text.includes(":") && !isIpv4(text)) return undefined
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
