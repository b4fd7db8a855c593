/** Where a datagram socket of Effect's is bound and whom it talks to, names looked up. */
import type { IoError } from "@portico/core/IoError"
import type { ResolverService } from "@portico/core/Resolver"
import * as Effect from "effect/Effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Result from "effect/Result"

export type Family = "ipv4" | "ipv6"

export interface Endpoint {
  /** An address, or the text of one, or a name. */
  readonly address: string | NetAddress.IpAddress
  readonly port: number
}

export interface Plan {
  readonly host: string
  readonly remote: { readonly host: string; readonly port: number } | undefined
}

const familyOf = (literal: string): Family => (literal.includes(":") ? "ipv6" : "ipv4")

const isLiteral = (text: string): boolean =>
  Result.isSuccess(NetAddress.ipFromString(text.split("%")[0]!))

/** IPv4 goes first unless the family is given, as in platform-node. */
const literalOf = (
  resolver: ResolverService,
  address: Endpoint["address"],
  family: Family | undefined
): Effect.Effect<string, IoError> => {
  if (typeof address !== "string") return Effect.succeed(NetAddress.formatIp(address))
  if (isLiteral(address)) return Effect.succeed(address)
  const options = { family: family && (family === "ipv4" ? 4 : 6) } as const
  return Effect.map(resolver.lookup(address, options), (found) => {
    const { host } = found.find(({ family }) => family === 4) ?? found[0]
    return host
  })
}

/** Of a family that is not given, the bound address has a say, then the remote one. */
export const plan = (
  resolver: ResolverService,
  given: Family | undefined,
  bound: Endpoint["address"] | undefined,
  remote: Endpoint | undefined
): Effect.Effect<Plan, IoError> =>
  Effect.gen(function* () {
    const isKnown = bound !== undefined && (typeof bound !== "string" || isLiteral(bound))
    const own = isKnown ? yield* literalOf(resolver, bound, undefined) : undefined
    const fixed = given ?? (own === undefined ? undefined : familyOf(own))
    const to = remote === undefined ? undefined : yield* literalOf(resolver, remote.address, fixed)
    const wanted = fixed ?? (to === undefined ? undefined : familyOf(to))
    const any = wanted === "ipv6" ? "::" : "0.0.0.0"
    const host = bound === undefined ? any : (own ?? (yield* literalOf(resolver, bound, wanted)))
    return { host, remote: to === undefined ? undefined : { host: to, port: remote!.port } }
  })
