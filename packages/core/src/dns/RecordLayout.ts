/**
 * How the data of each record type is laid out: RFC 1035, 3596 (AAAA), 2782 (SRV), 3403 (NAPTR),
 * 6698 (TLSA), 8659 (CAA). Fields bear the names of `effect/net/Dns`.
 */
import type * as Dns from "effect/net/Dns"
import type { FieldKind } from "./FieldKind.ts"
import * as Kind from "./FieldKind.ts"

export type Layout = ReadonlyArray<readonly [field: string, kind: FieldKind<unknown, unknown>]>

const field = <T extends Dns.RecordType, F extends keyof Dns.RecordFields<T> & string, Raw>(
  name: F,
  kind: FieldKind<Raw, Dns.RecordFields<T>[F]>
): readonly [string, FieldKind<unknown, unknown>] => [name, kind as FieldKind<unknown, unknown>]

export const layouts: { readonly [T in Dns.RecordType]: Layout } = {
  A: [field<"A", "address", Uint8Array>("address", Kind.ipv4)],
  AAAA: [field<"AAAA", "address", Uint8Array>("address", Kind.ipv6)],
  CAA: [
    field<"CAA", "critical", number>("critical", Kind.criticalBit),
    field<"CAA", "tag", Uint8Array>("tag", Kind.characterString),
    field<"CAA", "value", Uint8Array>("value", Kind.restAsText)
  ],
  CNAME: [field<"CNAME", "target", string>("target", Kind.domain)],
  MX: [
    field<"MX", "priority", number>("priority", Kind.u16),
    field<"MX", "exchange", string>("exchange", Kind.domain)
  ],
  NAPTR: [
    field<"NAPTR", "order", number>("order", Kind.u16),
    field<"NAPTR", "preference", number>("preference", Kind.u16),
    field<"NAPTR", "flags", Uint8Array>("flags", Kind.characterString),
    field<"NAPTR", "service", Uint8Array>("service", Kind.characterString),
    field<"NAPTR", "regexp", Uint8Array>("regexp", Kind.characterString),
    field<"NAPTR", "replacement", string>("replacement", Kind.uncompressedDomain)
  ],
  NS: [field<"NS", "host", string>("host", Kind.domain)],
  PTR: [field<"PTR", "host", string>("host", Kind.nameText)],
  SOA: [
    field<"SOA", "primary", string>("primary", Kind.domain),
    field<"SOA", "admin", string>("admin", Kind.nameText),
    field<"SOA", "serial", number>("serial", Kind.u32),
    field<"SOA", "refresh", number>("refresh", Kind.seconds),
    field<"SOA", "retry", number>("retry", Kind.seconds),
    field<"SOA", "expire", number>("expire", Kind.seconds),
    field<"SOA", "minimum", number>("minimum", Kind.seconds)
  ],
  SRV: [
    field<"SRV", "priority", number>("priority", Kind.u16),
    field<"SRV", "weight", number>("weight", Kind.u16),
    field<"SRV", "port", number>("port", Kind.u16),
    field<"SRV", "target", string>("target", Kind.uncompressedDomain)
  ],
  TLSA: [
    field<"TLSA", "certUsage", number>("certUsage", Kind.u8),
    field<"TLSA", "selector", number>("selector", Kind.u8),
    field<"TLSA", "matchingType", number>("matchingType", Kind.u8),
    field<"TLSA", "data", Uint8Array>("data", Kind.rest)
  ],
  TXT: [field<"TXT", "chunks", ReadonlyArray<Uint8Array>>("chunks", Kind.characterStrings)]
}
