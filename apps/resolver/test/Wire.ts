/** Queries and answers as messages, for clients and name servers of the tests. */
import { DnsMessage, RecordCode } from "@portico/core"
import * as Duration from "effect/Duration"
import * as Dns from "effect/net/Dns"
import * as NetAddress from "effect/net/NetAddress"
import * as Result from "effect/Result"

export const encoded = (message: DnsMessage.DnsMessage, atMost?: number): Uint8Array =>
  Result.getOrThrow(DnsMessage.encode(message, atMost))

export const decoded = (bytes: Uint8Array): DnsMessage.DnsMessage =>
  Result.getOrThrow(DnsMessage.decode(bytes))

export const question = (name: string, type: Dns.RecordType = "A"): DnsMessage.Question => ({
  name,
  type: RecordCode.of(type),
  class: RecordCode.internet
})

export const edns = (udpBytesMax = 1_232) => ({
  udpBytesMax,
  version: 0,
  dnssecOk: false,
  options: []
})

export const query = (
  name: string,
  type: Dns.RecordType = "A",
  fields: Partial<DnsMessage.DnsMessage> = {}
): DnsMessage.DnsMessage =>
  DnsMessage.make({
    id: 7,
    recursionDesired: true,
    questions: [question(name, type)],
    ...fields
  })

const internet = RecordCode.internet

export const a = (name: string, address: string, ttlSeconds = 300): DnsMessage.ResourceRecord => ({
  name,
  class: internet,
  ttlSeconds,
  data: Dns.makeRecordUnsafe("A", {
    address: Result.getOrThrow(NetAddress.ipv4FromString(address))
  })
})

/** So many strings of 200 bytes. */
export const txt = (name: string, strings: number): DnsMessage.ResourceRecord => ({
  name,
  class: internet,
  ttlSeconds: 300,
  data: Dns.makeRecordUnsafe("TXT", {
    chunks: Array.from({ length: strings }, () => "x".repeat(200)) as [string]
  })
})

export const soa = (
  name: string,
  ttlSeconds: number,
  minimum: number
): DnsMessage.ResourceRecord => ({
  name,
  class: internet,
  ttlSeconds,
  data: Dns.makeRecordUnsafe("SOA", {
    primary: "ns.example." as never,
    admin: "hostmaster.example.",
    serial: 1,
    refresh: Duration.seconds(3_600),
    retry: Duration.seconds(900),
    expire: Duration.seconds(86_400),
    minimum: Duration.seconds(minimum)
  })
})

/** The addresses, in order, of the A records that answer. */
export const addresses = (message: DnsMessage.DnsMessage): ReadonlyArray<string> =>
  message.answers.flatMap(({ data }) =>
    data._tag === "A" ? [NetAddress.formatIp(data.address)] : []
  )

/** RFC 1035 §4.2.2. */
export const framed = (bytes: Uint8Array): Uint8Array =>
  Uint8Array.of(bytes.length >> 8, bytes.length & 0xff, ...bytes)
