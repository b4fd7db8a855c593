/** The numbers of record types, classes and operations (IANA, DNS Parameters). */
import type * as Dns from "effect/net/Dns"

const codes: { readonly [T in Dns.RecordType]: number } = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  TLSA: 52,
  CAA: 257
}

/** The pseudo-record that carries EDNS (RFC 6891). */
export const opt = 41
/** As a question: records of all types. */
export const any = 255
/** The Internet's class. */
export const internet = 1

const types = new Map<number, Dns.RecordType>(
  Object.entries(codes).map(([type, code]) => [code, type as Dns.RecordType])
)

export const of = (type: Dns.RecordType): number => codes[type]

/** The type with a layout of its own that has the number, or undefined. */
export const toType = (code: number): Dns.RecordType | undefined => types.get(code)

/** `MX`, or `TYPE65` (RFC 3597 §5). */
export const format = (code: number): string => types.get(code) ?? `TYPE${code}`
