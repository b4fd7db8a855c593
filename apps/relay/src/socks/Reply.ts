/**
 * What the relay answers a SOCKS client, byte for byte (RFC 1928 §3, §6; RFC 1929 §2).
 */
import * as NetAddress from "effect/net/NetAddress"
import type { Address, Reason } from "@portico/core"
import { credentialsVersion, version } from "./Request.ts"
import type { Problem, SocksError } from "./SocksError.ts"

/** REP, in the words of RFC 1928 §6. */
export const ReplyCode = {
  succeeded: 0,
  generalFailure: 1,
  notAllowed: 2,
  networkUnreachable: 3,
  hostUnreachable: 4,
  connectionRefused: 5,
  ttlExpired: 6,
  commandNotSupported: 7,
  addressTypeNotSupported: 8
} as const

export type ReplyCode = (typeof ReplyCode)[keyof typeof ReplyCode]

export const Method = { none: 0, nameAndPassword: 2, noneAcceptable: 0xff } as const

/** "Use this method", or `noneAcceptable`. */
export const method = (chosen: number): Uint8Array => Uint8Array.of(version, chosen)

export const credentialsTaken: Uint8Array = Uint8Array.of(credentialsVersion, 0)
export const credentialsRefused: Uint8Array = Uint8Array.of(credentialsVersion, 1)

const unspecified = NetAddress.inetAddressUnsafe(NetAddress.ipv4Unspecified, 0)

/** The answer to a request; `bound` is BND.ADDR and BND.PORT, zeros where there is none. */
export const reply = (code: ReplyCode, bound: Address.Address = unspecified): Uint8Array => {
  const { address, port } = bound._tag === "UnixPathAddress" ? unspecified : bound
  const [type, octets] =
    address._tag === "Ipv4Address"
      ? ([1, NetAddress.ipv4ToOctets(address)] as const)
      : ([4, NetAddress.ipv6ToOctets(address)] as const)
  return Uint8Array.of(version, code, 0, type, ...octets, port >> 8, port & 0xff)
}

const codes: { readonly [Tag in Reason.Reason["_tag"]]?: ReplyCode } = {
  ConnectionRefused: ReplyCode.connectionRefused,
  ConnectionReset: ReplyCode.connectionRefused,
  // The reason stands for hosts and networks without a route alike.
  HostUnreachable: ReplyCode.hostUnreachable,
  // No packet came back in time: so has dante it, too.
  TimedOut: ReplyCode.ttlExpired,
  NameNotFound: ReplyCode.hostUnreachable,
  NoData: ReplyCode.hostUnreachable,
  TemporaryFailure: ReplyCode.hostUnreachable,
  ServerFailure: ReplyCode.hostUnreachable,
  QueryRefused: ReplyCode.hostUnreachable,
  MalformedResponse: ReplyCode.hostUnreachable,
  PermissionDenied: ReplyCode.notAllowed,
  // This host has no address of that family.
  AddressNotAvailable: ReplyCode.networkUnreachable
}

/** What a failure to connect is told as. */
export const codeOf = (reason: Reason.Reason): ReplyCode =>
  codes[reason._tag] ?? ReplyCode.generalFailure

const requestCodes: { readonly [problem in Problem]?: ReplyCode } = {
  UnsupportedCommand: ReplyCode.commandNotSupported,
  UnsupportedAddressType: ReplyCode.addressTypeNotSupported
}

/** What a client is told of its mistake, in the form of the message that it waits for. */
export const refusalOf = ({ problem, where }: SocksError): Uint8Array => {
  switch (where) {
    case "greeting":
      return method(Method.noneAcceptable)
    case "credentials":
      return credentialsRefused
    case "request":
      return reply(requestCodes[problem] ?? ReplyCode.generalFailure)
  }
}
