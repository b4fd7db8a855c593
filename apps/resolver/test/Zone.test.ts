import { type DnsMessage, RecordCode } from "@portico/core"
import * as Dns from "effect/net/Dns"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { QueryView } from "../src/wire/QueryView.ts"
import { Zone } from "../src/zone/Zone.ts"
import { recordsOf } from "../src/zone/ZoneFile.ts"
import { Zones } from "../src/zone/Zones.ts"
import { decoded, encoded, query } from "./Wire.ts"

const text = String.raw`; the example of RFC 1035 §5.3, more or less
$ORIGIN example.
$TTL 1h
@  IN SOA ns Action\.domains (
         20     ; SERIAL
         7200   ; REFRESH
         600    ; RETRY
         3600000; EXPIRE
         60)    ; MINIMUM

        NS    ns
        NS    ns.other.
        MX    10 mail
ns      A     192.0.2.53
www  300 IN A 192.0.2.1
     IN 300 A 192.0.2.2
        AAAA  2001:db8::1
alias   CNAME www
Chain   CNAME alias
loop    CNAME pool
pool    CNAME loop
away    CNAME www.other.
dead    CNAME nothing
deep.ly.nested TXT "a;b" c\032d "\"quoted\"" "\000\255"
*.wild  TXT   wild
*.wild  A     192.0.2.9
host.wild A   192.0.2.8
*.alias2 CNAME www
child   NS    ns.child
ns.child A    192.0.2.54
_sip._tcp SRV 1 2 5060 www
caa     CAA   128 issue "ca.example; x=y"
naptr   NAPTR 1 2 "u" "E2U+sip" "!^.*$!sip:a@example!" .
tlsa._x TLSA  3 1 1 abcd ef01
https   TYPE65 \# 3 0001 00
1       PTR   www`

const parse = (zoneText: string) => Zone.parse(zoneText, "test.zone")
const zone = Result.getOrThrow(parse(text))

/** What the zone says, as a message. */
const ask = (name: string, type: Dns.RecordType | "ANY" = "A", isForwarding = false) => {
  const view = new QueryView(1)
  const code = type === "ANY" ? RecordCode.any : RecordCode.of(type)
  const asked = query(name)
  view.read(encoded({ ...asked, questions: [{ ...asked.questions[0]!, type: code }] }))
  const answer = new Zones([zone], isForwarding).answer(view)
  return answer && decoded(answer)
}

const show = (records: ReadonlyArray<DnsMessage.ResourceRecord>) =>
  records.map(({ data, name, ttlSeconds }) =>
    Dns.isDnsRecord(data)
      ? `${name} ${ttlSeconds} ${Dns.formatRecord(data)}`
      : `${name} ${ttlSeconds} TYPE${data.type} ${data.bytes.join(" ")}`
  )

const answers = (name: string, type?: Dns.RecordType | "ANY") => show(ask(name, type)!.answers)

const soa = "example. 60 SOA ns.example. Action\\.domains.example. 20 7200 600 3600000 60"

describe("a zone", () => {
  it.for([
    ["www.example.", "A", ["www.example. 300 A 192.0.2.1", "www.example. 300 A 192.0.2.2"]],
    ["WWW.Example.", "AAAA", ["WWW.Example. 3600 AAAA 2001:db8::1"]],
    ["example.", "MX", ["example. 3600 MX 10 mail.example."]],
    ["_sip._tcp.example.", "SRV", ["_sip._tcp.example. 3600 SRV 1 2 5060 www.example."]],
    ["caa.example.", "CAA", ['caa.example. 3600 CAA 128 issue "ca.example; x=y"']],
    ["1.example.", "PTR", ["1.example. 3600 PTR www.example."]],
    ["tlsa._x.example.", "TLSA", ["tlsa._x.example. 3600 TLSA 3 1 1 abcdef01"]],
    ["x.wild.example.", "A", ["x.wild.example. 3600 A 192.0.2.9"]],
    ["x.y.wild.example.", "TXT", ['x.y.wild.example. 3600 TXT "wild"']],
    ["host.wild.example.", "A", ["host.wild.example. 3600 A 192.0.2.8"]]
  ] as const)("answers for %s %s", ([name, type, expected]) => {
    const answer = ask(name, type)!
    expect(answer).toMatchObject({ isAuthoritative: true, responseCode: 0, authorities: [] })
    expect(show(answer.answers).map((line) => line.toLowerCase())).toStrictEqual(
      expected.map((line) => line.toLowerCase())
    )
  })

  it("keeps the bytes of strings, also those that are no text", () => {
    const records = recordsOf(text).filter(({ name }) => name === "deep.ly.nested.example.")
    const bytes = [3, 97, 59, 98, 3, 99, 32, 100, 8, ...Buffer.from('"quoted"'), 2, 0, 255]
    expect(records.map(({ data }) => [...data])).toStrictEqual([bytes])
  })

  it("takes types it does not know as RFC 3597 writes them", () => {
    const [record] = recordsOf("a.b. 5 TYPE65 \\# 3 0001 00")
    expect(record).toMatchObject({ type: 65, ttlSeconds: 5, data: Uint8Array.of(0, 1, 0) })
  })

  it("follows aliases inside of it, and gives those that lead out", () => {
    const www = ["www.example. 300 A 192.0.2.1", "www.example. 300 A 192.0.2.2"]
    expect(answers("chain.example.")).toStrictEqual([
      "chain.example. 3600 CNAME alias.example.",
      "alias.example. 3600 CNAME www.example.",
      ...www
    ])
    expect(answers("x.alias2.example.")).toStrictEqual([
      "x.alias2.example. 3600 CNAME www.example.",
      ...www
    ])
    expect(answers("away.example.")).toStrictEqual(["away.example. 3600 CNAME www.other."])
    expect(answers("alias.example.", "CNAME")).toHaveLength(1)
    expect(answers("loop.example.")).toHaveLength(2)
  })

  it("gives all records of a name to ANY", () => {
    expect(answers("www.example.", "ANY")).toHaveLength(3)
  })

  it.for([
    ["a name that is not there", "no.example.", "A", 3, 0],
    ["a type that is not there", "www.example.", "MX", 0, 0],
    ["a name that is part of a longer one", "ly.nested.example.", "A", 0, 0],
    ["a wildcard without the type", "x.wild.example.", "MX", 0, 0],
    ["a name below one that the wildcard does not cover", "x.host.wild.example.", "A", 3, 0],
    ["an alias to nothing", "dead.example.", "A", 3, 1]
  ] as const)("denies %s, with its SOA record", ([, name, type, code, count]) => {
    const answer = ask(name, type)!
    expect(answer).toMatchObject({ isAuthoritative: true, responseCode: code })
    expect(answer.answers).toHaveLength(count)
    expect(show(answer.authorities)).toStrictEqual([soa])
  })

  it("refers to those that it has delegated a name to, or leaves it to the upstreams", () => {
    const answer = ask("www.child.example.")!
    expect(answer).toMatchObject({ isAuthoritative: false, responseCode: 0, answers: [] })
    expect(show(answer.authorities)).toStrictEqual(["child.example. 3600 NS ns.child.example."])
    expect(show(answer.additionals)).toStrictEqual(["ns.child.example. 3600 A 192.0.2.54"])
    expect(ask("www.child.example.", "A", true)).toBe(undefined)
  })

  it("says nothing of other names", () => {
    for (const name of ["other.", ".", "xample.", "notexample."]) {
      expect(ask(name)).toBe(undefined)
    }
  })
})

const head = "$ORIGIN example.\n$TTL 1h\n@ SOA ns admin 1 2 3 4 5\n"

describe("a zone file that is wrong is refused, with the line and what is wrong", () => {
  it.for([
    ["a A 192.0.2.256", 4, "Not an IPv4 address: 192.0.2.256"],
    ["a AAAA 192.0.2.1", 4, "Not an IPv6 address: 192.0.2.1"],
    ["\n\na MX 65536 b", 6, "Not a number from 0 to 65535: 65536"],
    ["a MX b", 4, "MX has 2 fields, not all are here: 1"],
    ["a A 192.0.2.1 192.0.2.2", 4, "More than the fields of A: 192.0.2.2"],
    ["a B 1", 4, "Not a record type: B"],
    ["a 300 IN", 4, "A record without a type: a.example."],
    ["a CH TXT x", 4, "A class other than IN: CH"],
    ["a..b A 192.0.2.1", 4, "A name has an empty label: a..b.example."],
    [`${"a".repeat(64)} A 192.0.2.1`, 4, "A name has a label of more than 63 bytes:"],
    [`${"a.".repeat(128)} A 192.0.2.1`, 4, "A name is longer than 255 bytes:"],
    ["a\\256b A 192.0.2.1", 4, "A backslash is not followed by"],
    [`a TXT "${"x".repeat(256)}"`, 4, "A string is longer than 255 bytes: 256"],
    ['a TXT "x', 4, "A quote is not closed on its line"],
    ["a TXT (\nx\n", 4, "A parenthesis is not closed"],
    ["a TXT x )", 4, "A parenthesis closes nothing"],
    ["a TXT (\n\nx)\n XX", 7, "Not a record type: XX"],
    ["$INCLUDE other.zone", 4, "A directive that is not known here: $INCLUDE"],
    ["$TTL", 4, "Nothing follows $TTL"],
    ["$TTL 1y", 4, "Not a time from 0 to 2147483647 seconds: 1y"],
    ["$TTL 2147483648", 4, "Not a time from 0 to 2147483647 seconds: 2147483648"],
    ["a.other. A 192.0.2.1", 4, "A name outside of example. : a.other."],
    ["a CNAME b\na A 192.0.2.1", 5, "An alias has other records: a.example."],
    ["a A 192.0.2.1\na CNAME b", 5, "An alias has other records: a.example."],
    ["a CNAME b\na CNAME c", 5, "An alias has other records: a.example."],
    ["@ SOA ns admin 1 2 3 4 5", 4, "A second SOA record"],
    ["a TYPE65 \\# 2 00", 4, "The length says 2, the bytes are 1"],
    [`a TXT ${"x ".repeat(40_000)}`, 4, "More data than 65535 bytes: TXT"],
    ["a".repeat(1_000_000), 4, "A word is longer than 131070 letters: 1000000"],
    [`a TXT "${"\\a".repeat(1_000_000)}"`, 4, "A word is longer than 131070 letters: 2000000"],
    ["a TXT x\\", 4, "A backslash is followed by nothing"],
    ["a TXT x\\\ny", 4, "A backslash is followed by nothing"],
    ['a TXT "x\\\n"', 4, "A backslash is followed by nothing"],
    ["a TYPE65 x", 4, "Data of this type is written \\#: TYPE65"],
    ["a TLSA 3 1 1 abc", 4, "Not pairs of hexadecimal digits: abc"]
  ] as const)("%j", ([line, number, problem]) => {
    const error = Result.getOrThrow(Result.flip(parse(head + line)))
    expect(error.message).toContain(`test.zone:${number}: ${problem}`)
  })

  it.for([
    ["", 1, "The zone has no SOA record"],
    ["a 1 A 192.0.2.1", 1, "A relative name before $ORIGIN: a"],
    [" A 192.0.2.1", 1, "The first record has no owner"],
    ["a. A 192.0.2.1", 1, "No TTL, and no $TTL before: a."]
  ] as const)("from its first line on: %j", ([whole, number, problem]) => {
    const error = Result.getOrThrow(Result.flip(parse(whole)))
    expect(error.message).toBe(`test.zone:${number}: ${problem}`)
  })
})
