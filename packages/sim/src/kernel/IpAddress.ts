/** IP literals as the kernel compares them: one spelling each. */
import * as NetAddress from "effect/net/NetAddress"
import * as Result from "effect/Result"

export interface IpAddress {
  readonly family: 4 | 6
  readonly literal: string
}

const loopback4: IpAddress = { family: 4, literal: "127.0.0.1" }
const loopback6: IpAddress = { family: 6, literal: "::1" }

// Every packet and every name of a socket is read, and worlds know few addresses.
const known = new Map<string, IpAddress>()
const knownMax = 1024

/** An IPv4-mapped address is the IPv4 address. The zone of a scoped one is dropped. */
export const parse = (host: string): IpAddress | undefined => {
  const found = known.get(host)
  if (found !== undefined) return found
  const read = readLiteral(host)
  if (read === undefined) return undefined
  if (known.size === knownMax) known.clear()
  known.set(host, read)
  return read
}

const readLiteral = (host: string): IpAddress | undefined => {
  const parsed = Result.getOrUndefined(NetAddress.ipFromString(host.split("%")[0]!))
  if (parsed === undefined) return undefined
  const literal = NetAddress.formatIp(parsed)
  if (NetAddress.isIpv4Address(parsed)) return { family: 4, literal }
  return literal.startsWith("::ffff:") && literal.includes(".")
    ? { family: 4, literal: literal.slice("::ffff:".length) }
    : { family: 6, literal }
}

export const isWildcard = (ip: IpAddress): boolean =>
  ip.literal === (ip.family === 4 ? "0.0.0.0" : "::")

/** Of a loopback device, which every host has. */
export const isLoopback = (ip: IpAddress): boolean =>
  ip.family === 4 ? ip.literal.startsWith("127.") : ip.literal === "::1"

/** Connecting to the unspecified address reaches loopback. */
export const destination = (ip: IpAddress): IpAddress =>
  !isWildcard(ip) ? ip : ip.family === 4 ? loopback4 : loopback6

/** The address a connection to `remote` comes from when none was asked for. */
export const source = (remote: IpAddress): IpAddress =>
  remote.family === 4 ? loopback4 : loopback6

/** The text in which a socket on `::` sees an IPv4 address. */
export const mapped = (ip: IpAddress): string =>
  ip.family === 4 ? `::ffff:${ip.literal}` : ip.literal

const two = 50
const dot = 46

/** RFC 1112 §4, RFC 4291 §2.7. */
export const isMulticast = (ip: IpAddress): boolean => {
  const { family, literal } = ip
  if (family === 6) return literal.startsWith("ff")
  // Asked of every datagram: most are told from a group's by their first digits.
  if (literal.charCodeAt(0) !== two || literal.charCodeAt(3) !== dot) return false
  const first = Number(literal.slice(0, 3))
  return first >= 224 && first < 240
}

/** The broadcast address of the loopback network, and the limited one (RFC 919). */
export const isBroadcast = (ip: IpAddress): boolean =>
  ip.literal === "127.255.255.255" || ip.literal === "255.255.255.255"
