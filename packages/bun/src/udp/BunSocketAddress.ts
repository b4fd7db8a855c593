/** Literals as Linux's `struct sockaddr_in` and `sockaddr_in6`: ip(7), ipv6(7). */
import type { InetPortAddress } from "@portico/core/port/index"
import * as NetAddress from "effect/net/NetAddress"

const inetFamily = 2
const inet6Family = 10

/** AF_UNSPEC: connect(2) to it lets the peer go. */
export const unspecified = (): Uint8Array => new Uint8Array(16)

/** `scope` is the index of the interface that a zone (`%eth0`) names; IPv6 only. */
export const make = ({ host, port }: InetPortAddress, scope: number): Uint8Array => {
  const address = NetAddress.ipFromStringUnsafe(host.split("%")[0]!)
  const isInet = NetAddress.isIpv4Address(address)
  const bytes = new Uint8Array(isInet ? 16 : 28)
  const view = new DataView(bytes.buffer)
  // The family is in the machine's byte order, which is little-endian wherever Bun runs.
  view.setUint16(0, isInet ? inetFamily : inet6Family, true)
  view.setUint16(2, port)
  bytes.set(
    isInet ? NetAddress.ipv4ToOctets(address) : NetAddress.ipv6ToOctets(address),
    isInet ? 4 : 8
  )
  if (!isInet) view.setUint32(24, scope, true)
  return bytes
}
