/** `Resolver.lookup`: literals, `localhost`, and then the system or the hosts file and DNS. */
import * as Effect from "effect/Effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { Answer, ResolvedAddress } from "../../Answer.ts"
import { IoError } from "../../IoError.ts"
import { Reason } from "../../Reason.ts"
import type { Addresses, ResolverService } from "../../Resolver.ts"
import { addressOf } from "./DnsClient.ts"
import * as IpLiteral from "../IpLiteral.ts"
import type { Resolve, ResolverParts } from "./resolver.ts"
import * as Arguments from "./ResolverArguments.ts"
import { worst } from "../scope/worst.ts"

const operation = "Resolver.lookup"

type Family = 4 | 6 | undefined

export const makeLookup =
  (
    parts: ResolverParts,
    settings: Arguments.ResolverSettings,
    resolve: Resolve
  ): ResolverService["lookup"] =>
  (name, options) =>
    Effect.suspend((): Effect.Effect<Addresses, IoError> => {
      const family = options?.family
      const refusal = Arguments.checkFamily(operation, family)
      if (refusal !== undefined) return refusal
      if (IpLiteral.parse(String(name)) !== undefined) return ofLiterals(name, [name], family)
      return Effect.flatMap(Arguments.checkName(operation, name), (domain) => {
        if (Arguments.isLocalhost(domain)) return ofLiterals(domain, ["127.0.0.1", "::1"], family)
        if (settings.lookup === "dns") return byDns(parts, resolve, domain, family)
        return Effect.flatMap(
          parts.system.lookup({ name: domain, family: family ?? 0 }),
          (addresses) => ofLiterals(domain, addresses, family)
        )
      })
    })

const nothing = (name: string, reason: Reason): Effect.Effect<never, IoError> =>
  Effect.fail(new IoError({ operation, reason, address: addressOf(name) }))

/** Each once, in order, of one family where that is asked for. */
const ofLiterals = (
  name: string,
  literals: ReadonlyArray<string>,
  family: Family,
  ttl: ResolvedAddress["ttl"] = Option.none()
): Effect.Effect<Addresses, IoError> => {
  const addresses = new Map<string, ResolvedAddress>()
  for (const text of literals) {
    const literal = IpLiteral.parse(text)
    if (literal === undefined || (family !== undefined && literal.family !== family)) continue
    addresses.set(literal.host, { host: literal.host, family: literal.family, ttl })
  }
  return oneAtLeast(name, Array.from(addresses.values()))
}

const oneAtLeast = (
  name: string,
  addresses: ReadonlyArray<ResolvedAddress>
): Effect.Effect<Addresses, IoError> => {
  const [first, ...others] = addresses
  return first === undefined
    ? nothing(name, Reason.NoData())
    : Effect.succeed([first, ...others] as const)
}

const byDns = (
  { hosts }: ResolverParts,
  resolve: Resolve,
  name: string,
  family: Family
): Effect.Effect<Addresses, IoError> => {
  const known = hosts.current.addressesOf(name)
  if (known.length > 0) return ofLiterals(name, known, family)
  if (family === 4) return Effect.map(resolve(operation, name, "A"), toAddresses)
  if (family === 6) return Effect.map(resolve(operation, name, "AAAA"), toAddresses)
  const addresses = [
    Effect.map(resolve(operation, name, "AAAA"), toAddresses),
    Effect.map(resolve(operation, name, "A"), toAddresses)
  ].map((asking) => Effect.result(asking))
  return Effect.flatMap(Effect.all(addresses, { concurrency: addresses.length }), (results) => {
    // IPv6 first: RFC 6724 §2.1, whose table prefers it.
    const found = results.filter(Result.isSuccess).flatMap(({ success }) => success)
    return found.length > 0
      ? oneAtLeast(name, found)
      : Effect.fail(worst(results.filter(Result.isFailure).map(({ failure }) => failure)))
  })
}

const toAddresses = ({ records }: Answer<"A"> | Answer<"AAAA">): Addresses => {
  const [first, ...others] = records.map(({ record, ttl }): ResolvedAddress => {
    const family = record._tag === "A" ? 4 : 6
    return { host: NetAddress.formatIp(record.address), family, ttl: Option.some(ttl) }
  })
  return [first!, ...others]
}
