/**
 * Networks to which no client is led, by address or by a name that is found there.
 *
 * A name is looked up once: what was looked at is what is connected to, so a name server cannot
 * answer otherwise the second time (DNS rebinding).
 */
import * as Effect from "effect/Effect"
import * as IpNetwork from "effect/net/IpNetwork"
import * as NetAddress from "effect/net/NetAddress"
import * as Result from "effect/Result"
import { Address, IoError, Reason, Resolver } from "@portico/core"
import type { Target } from "./Target.ts"

export type Networks = ReadonlyArray<IpNetwork.IpNetwork>

/** What to connect to, and who looks names up. */
export interface Destination extends Target {
  readonly resolver?: Resolver.ResolverService | undefined
}

/** Fails with `PermissionDenied` for what is denied. */
export type Guard = (target: Target) => Effect.Effect<Destination, IoError.IoError>

// Linux connects to itself when asked for the unspecified address.
const meant = (address: NetAddress.IpAddress): NetAddress.IpAddress => {
  if (!NetAddress.isUnspecified(address)) return address
  return NetAddress.isIpv4Address(address) ? NetAddress.ipv4Loopback : NetAddress.ipv6Loopback
}

const isDenied = (networks: Networks, host: string): boolean => {
  const literal = NetAddress.ipFromString(host.split("%")[0]!)
  if (Result.isFailure(literal)) return false
  const address = meant(NetAddress.toCanonical(literal.success))
  return networks.some((network) => IpNetwork.contains(network, address))
}

const refusal = (address: string) =>
  Effect.fail(
    new IoError.IoError({
      operation: "Relay.deny",
      reason: Reason.Reason.PermissionDenied(),
      address
    })
  )

/** Finds what `resolver` finds, without what is denied. */
const without = (
  networks: Networks,
  resolver: Resolver.ResolverService
): Resolver.ResolverService => ({
  isPerFamily: resolver.isPerFamily,
  resolve: (name, type) => resolver.resolve(name, type),
  reverse: (address) => resolver.reverse(address),
  configure: (options) =>
    Effect.map(resolver.configure(options), (other) => without(networks, other)),
  lookup: (name, options) =>
    Effect.flatMap(resolver.lookup(name, options), (found) => {
      const [first, ...others] = found.filter(({ host }) => !isDenied(networks, host))
      return first === undefined ? refusal(name) : Effect.succeed([first, ...others] as const)
    })
})

/** Nothing is looked at when no network is denied. */
export const guard = Effect.fnUntraced(function* (
  networks: Networks
): Effect.fn.Return<Guard, never, Resolver.Resolver> {
  if (networks.length === 0) return Effect.succeed
  const resolver = without(networks, yield* Resolver.Resolver)
  return (target) => {
    // `localhost` stands for two, and no resolver is asked for either.
    const literals = Address.literals(target.host, target.port) ?? []
    return literals.some(({ host }) => isDenied(networks, host))
      ? refusal(Address.formatInput(target))
      : Effect.succeed({ ...target, resolver })
  }
})
