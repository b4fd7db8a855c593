/**
 * Effect's own `Dns` in a simulated world: it asks what `Resolver` asks, with its delays and
 * faults. Failures are those of platform-node.
 */
import type { IoError } from "@portico/core/IoError"
import type { Reason } from "@portico/core/Reason"
import { Resolver, type ResolverService } from "@portico/core/Resolver"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Dns from "effect/net/Dns"
import * as NetAddress from "effect/net/NetAddress"
import { hostCause } from "./socketError.ts"

const reasonOf = (reason: Reason): Dns.DnsErrorReason => {
  switch (reason._tag) {
    case "NameNotFound":
    case "NoData":
      return "NotFound"
    case "TimedOut":
      return "Timeout"
    case "TemporaryFailure":
      return "Temporary"
    case "QueryRefused":
    case "ConnectionRefused":
      return "Refused"
    case "MalformedResponse":
      return "InvalidResponse"
    case "InvalidArgument":
      return "BadName"
    case "ServerFailure":
      return ofServer[reason.code] ?? "ServerFailure"
    default:
      return "Unknown"
  }
}

// Response codes (RFC 1035 §4.1.1) for which c-ares has words of their own.
const ofServer: { readonly [code: string]: Dns.DnsErrorReason } = {
  FORMERR: "InvalidResponse",
  NOTIMP: "Unsupported"
}

const as =
  (method: Dns.DnsError["method"], hostname: string, recordType?: Dns.RecordType) =>
  <A>(effect: Effect.Effect<A, IoError>): Effect.Effect<A, Dns.DnsError> =>
    Effect.mapError(
      effect,
      (error) =>
        new Dns.DnsError({
          reason: reasonOf(error.reason),
          method,
          hostname,
          recordType,
          cause: hostCause(error)
        })
    )

// Like a lookup of Node's, addresses come without their zone.
const addressOf = (host: string) => NetAddress.ipFromStringUnsafe(host.split("%")[0]!)

export const make = (resolver: ResolverService): typeof Dns.Dns.Service =>
  Dns.make({
    lookup: (host, family) => {
      const options = { family: family && (family === "IPv4" ? 4 : 6) } as const
      const found = as("lookup", host)(resolver.lookup(host, options))
      return Effect.map(found, (addresses) => addresses.map(({ host }) => addressOf(host)))
    },
    resolve: (name, type) => {
      const found = as("resolve", name, type)(resolver.resolve(name, type))
      return Effect.map(found, ({ records }) => records.map(({ record }) => record))
    },
    reverse: (address) => {
      const literal = NetAddress.formatIp(address)
      const found = as("reverse", literal)(resolver.reverse(literal))
      return Effect.map(found, ({ names }) => names)
    }
  })

/** In place of platform-node's `NodeDns.layer`. */
export const layer: Layer.Layer<Dns.Dns, never, Resolver> = Layer.effect(
  Dns.Dns,
  Resolver.useSync(make)
)
