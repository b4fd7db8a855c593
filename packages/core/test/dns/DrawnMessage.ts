/** Messages of all kinds of records, drawn by a seed. */
import * as Duration from "effect/Duration"
import * as Dns from "effect/net/Dns"
import type { DomainName } from "effect/net/Host"
import * as NetAddress from "effect/net/NetAddress"
import type * as DnsMessage from "../../src/dns/DnsMessage.ts"
import type { Edns } from "../../src/dns/Edns.ts"
import * as RecordCode from "../../src/dns/RecordCode.ts"
import { opaque, type RecordData } from "../../src/dns/RecordData.ts"
import type { SeededDraws } from "../SeededDraws.ts"

const labels = ["www", "example", "com", "_tcp", "a", "xn--bcher-kva", "x".repeat(63)]

const domain = (draws: SeededDraws): DomainName =>
  (draws.below(12) === 0
    ? "."
    : `${draws
        .list(2, () => draws.oneOf(labels))
        .concat("org")
        .join(".")}.`) as DomainName

/** A name that need be no host name. */
const name = (draws: SeededDraws): string =>
  draws.below(2) === 0
    ? domain(draws)
    : draws.oneOf([
        "A printer.local.",
        "j\\.doe.example.",
        "back\\\\slash.",
        "\\255\\000.",
        "ü.de."
      ])

const text = (draws: SeededDraws): string =>
  draws.oneOf(["", "v=spf1 -all", "ü€😀", "x".repeat(255)])

const u16 = (draws: SeededDraws): number => draws.below(0x1_0000)
const seconds = (draws: SeededDraws) => Duration.seconds(draws.below(0x8000_0000))

const fields: {
  readonly [T in Dns.RecordType]: (draws: SeededDraws) => Dns.RecordFields<T>
} = {
  A: (draws) => ({ address: NetAddress.ipv4FromBytesUnsafe(draws.bytes(4)) }),
  AAAA: (draws) => ({ address: NetAddress.ipv6FromBytesUnsafe(draws.bytes(16)) }),
  CAA: (draws) => ({ critical: draws.below(2) === 0, tag: "issue", value: text(draws) }),
  CNAME: (draws) => ({ target: domain(draws) }),
  MX: (draws) => ({ exchange: domain(draws), priority: u16(draws) }),
  NAPTR: (draws) => ({
    order: u16(draws),
    preference: u16(draws),
    flags: "u",
    service: text(draws),
    regexp: "!^.*$!sip:a@example.com!",
    replacement: domain(draws)
  }),
  NS: (draws) => ({ host: domain(draws) }),
  PTR: (draws) => ({ host: name(draws) }),
  SOA: (draws) => ({
    primary: domain(draws),
    admin: name(draws),
    serial: draws.below(0xffff_ffff),
    refresh: seconds(draws),
    retry: seconds(draws),
    expire: seconds(draws),
    minimum: seconds(draws)
  }),
  SRV: (draws) => ({
    target: domain(draws),
    port: u16(draws),
    priority: u16(draws),
    weight: u16(draws)
  }),
  TLSA: (draws) => ({
    certUsage: draws.below(256),
    selector: draws.below(256),
    matchingType: draws.below(256),
    data: draws.bytes(1 + draws.below(64))
  }),
  TXT: (draws) => ({ chunks: [text(draws), ...draws.list(3, () => text(draws))] })
}

const data = (draws: SeededDraws): RecordData => {
  if (draws.below(8) === 0) return opaque(65_280 + draws.below(9), draws.bytes(draws.below(40)))
  const type = draws.oneOf(Dns.recordTypes)
  return Dns.makeRecordUnsafe(type, fields[type](draws) as never)
}

const record = (draws: SeededDraws): DnsMessage.ResourceRecord => ({
  name: name(draws),
  class: RecordCode.internet,
  ttlSeconds: draws.below(0x8000_0000),
  data: data(draws)
})

const edns = (draws: SeededDraws): Edns => ({
  udpBytesMax: u16(draws),
  version: 0,
  dnssecOk: draws.below(2) === 0,
  options: draws.list(2, () => ({ code: u16(draws), bytes: draws.bytes(draws.below(9)) }))
})

export const drawMessage = (draws: SeededDraws): DnsMessage.DnsMessage => {
  const hasEdns = draws.below(2) === 0
  const bit = () => draws.below(2) === 0
  return {
    id: u16(draws),
    isResponse: bit(),
    opcode: draws.below(16),
    isAuthoritative: bit(),
    isTruncated: bit(),
    recursionDesired: bit(),
    recursionAvailable: bit(),
    isAuthentic: bit(),
    checkingDisabled: bit(),
    responseCode: draws.below(hasEdns ? 4096 : 16),
    questions: draws.list(2, () => ({ name: name(draws), type: u16(draws), class: u16(draws) })),
    answers: draws.list(5, () => record(draws)),
    authorities: draws.list(2, () => record(draws)),
    additionals: draws.list(2, () => record(draws)),
    edns: hasEdns ? edns(draws) : undefined
  }
}
