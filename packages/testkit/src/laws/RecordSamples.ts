/** One record of each type, for laws that ask for all of them. */
import * as Duration from "effect/Duration"
import type * as Dns from "effect/net/Dns"
import * as Host from "effect/net/Host"
import * as NetAddress from "effect/net/NetAddress"

export const domain = Host.domainNameFromStringUnsafe

export const samples: { readonly [T in Dns.RecordType]: Dns.RecordFields<T> } = {
  A: { address: NetAddress.ipv4FromBytesUnsafe(Uint8Array.of(192, 0, 2, 1)) },
  AAAA: { address: NetAddress.ipv6Loopback },
  CAA: { critical: true, tag: "issue", value: "ca.example" },
  CNAME: { target: domain("target.example.") },
  MX: { exchange: domain("mx.example."), priority: 10 },
  NAPTR: {
    order: 1,
    preference: 2,
    flags: "u",
    service: "E2U+sip",
    regexp: "!^.*$!sip:info@example.com!",
    replacement: domain(".")
  },
  NS: { host: domain("ns.example.") },
  PTR: { host: "host.example." },
  SOA: {
    primary: domain("ns.example."),
    admin: "john\\.doe.example.",
    serial: 2_026_112_201,
    refresh: Duration.hours(1),
    retry: Duration.minutes(10),
    expire: Duration.days(7),
    minimum: Duration.minutes(5)
  },
  SRV: { target: domain("srv.example."), port: 5060, priority: 1, weight: 2 },
  TLSA: { certUsage: 3, selector: 1, matchingType: 1, data: new Uint8Array(32).fill(7) },
  TXT: { chunks: ["v=spf1", " -all"] }
}
