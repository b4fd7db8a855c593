/**
 * Where a socket is: `{ host, port }` or `{ path }` going in, Effect's `NetAddress` coming out.
 *
 * A path that starts with a NUL character is a name in Linux's abstract namespace; in text it is
 * written `unix:@name`. `host` is an IP literal, `localhost`, which is the loopback address of both
 * families (RFC 6761) and asks no resolver, or, to connect to, another name.
 */
import * as NetAddress from "effect/net/NetAddress"
import * as Result from "effect/Result"
import { isIpv4 } from "./internal/IpLiteral.ts"
import type { InetPortAddress, PortAddress } from "./port/PortAddress.ts"

export type Address = NetAddress.SocketAddress
/** One that is an IP address and a port. */
export type InetAddress = NetAddress.InetAddress

export interface InetInput {
  /** An IPv4 or IPv6 literal, `localhost` or, to connect to, a name. Default `127.0.0.1`. */
  readonly host?: string | undefined
  /** 0–65535; 0 lets the host choose (listen and local addresses only). */
  readonly port: number
  /** An `Address` is no input: its port alone would be looked at. `toInput` makes it one. */
  readonly address?: never
}

export interface UnixInput {
  /** A file system path, or a NUL character and a name (abstract). */
  readonly path: string
}

export type Input = InetInput | UnixInput

export const isUnixInput = (input: object): input is UnixInput => "path" in input

/** What comes before an IP address and port in text. */
export type Scheme = "tcp" | "udp"

/**
 * `tcp://127.0.0.1:80`, `udp://[::1]:80`, `unix:///run/app.sock`, `unix:@name`, `unix:` (unnamed).
 */
export const format = (address: Address, scheme: Scheme = "tcp"): string => {
  if (address._tag !== "UnixPathAddress") return `${scheme}://${NetAddress.formatInet(address)}`
  if (address.path.startsWith("\0")) return `unix:@${address.path.slice(1)}`
  return address.path === "" ? "unix:" : `unix://${address.path}`
}

/** The same text for what a port or a caller gave, valid or not. */
export const formatInput = (input: Input | PortAddress, scheme: Scheme = "tcp"): string => {
  if (isUnixInput(input)) {
    return input.path.startsWith("\0") ? `unix:@${input.path.slice(1)}` : `unix://${input.path}`
  }
  const host = input.host ?? "127.0.0.1"
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${input.port}`
}

// A dual-stack listener sees IPv4 peers as mapped addresses (RFC 4291 §2.5.5.2). Users are given
// the IPv4 address, so that both ends of a connection name it alike.
const unmapped = (host: string): string =>
  host.startsWith("::ffff:") && host.includes(".") ? host.slice(7) : host

/** A port's literal as an address. Literals that do not parse are the port's bug: a defect. */
export const fromPort = (address: PortAddress): Address =>
  address._tag === "Unix" ? NetAddress.unixPathAddress(address.path) : fromInetPort(address)

/** The same of an IP address. */
export const fromInetPort = (address: InetPortAddress): InetAddress => {
  const host = unmapped(address.host)
  // What hosts tell most often; checked here, it is read in a third of the time.
  if (isIpv4(host)) return NetAddress.inetAddressFromNativeUnsafe(host, address.port)
  const scoped = NetAddress.inetAddressFromHostString(host, address.port)
  // A named zone (`%eth0`) needs a map of interfaces that core does not have; the name is dropped.
  return Result.isSuccess(scoped)
    ? scoped.success
    : NetAddress.inetAddressFromIpStringUnsafe(host.split("%")[0]!, address.port)
}

/** What `Tcp.connect`, `Tcp.listen` and `Udp` take, from what they give. */
export function toInput(address: InetAddress): InetInput
export function toInput(address: Address): Input
export function toInput(address: Address): Input {
  return address._tag === "UnixPathAddress"
    ? { path: address.path }
    : { host: NetAddress.formatHost(address), port: address.port }
}

/** The loopback and literal addresses a host stands for, or undefined when it is neither. */
export const literals = (
  host: string,
  port: number
): ReadonlyArray<InetPortAddress> | undefined => {
  if (host.toLowerCase() === "localhost") {
    return [
      { _tag: "Inet", host: "127.0.0.1", port },
      { _tag: "Inet", host: "::1", port }
    ]
  }
  return isLiteral(host) ? [{ _tag: "Inet", host, port }] : undefined
}

// A zone belongs to IPv6; behind an IPv4 literal it would make a name that hosts ask a resolver
// for.
const isLiteral = (host: string): boolean => {
  if (!host.includes(":")) return isIpv4(host)
  const [bare, zone, ...others] = host.split("%")
  const isZoned = zone !== undefined
  if (isZoned && (zone === "" || others.length > 0 || !bare!.includes(":"))) return false
  return Result.isSuccess(NetAddress.ipFromString(bare!))
}
