import { X509Certificate as HostCertificate } from "node:crypto"
import { describe, expect, it } from "vitest"
import { Malformed } from "../../src/x509/Malformed.ts"
import * as Pem from "../../src/x509/Pem.ts"
import * as X509Certificate from "../../src/x509/X509Certificate.ts"
import * as Fixtures from "./Fixtures.ts"
import { certificateOf, derOf } from "./Reading.ts"

const all = Object.entries(Fixtures).map(
  ([name, fixture]) => [name, typeof fixture === "string" ? fixture : fixture.certificate] as const
)

describe("a certificate is what the host says of it", () => {
  it.each(all)("%s", (_, pem) => {
    const host = new HostCertificate(pem)
    const { fingerprint256, issuer, raw, subject, ...rest } = X509Certificate.toPort(
      certificateOf(pem)
    )
    expect(subject).toBe(host.subject.replaceAll("\n", ", "))
    expect(issuer).toBe(host.issuer.replaceAll("\n", ", "))
    expect(fingerprint256).toBe(host.fingerprint256)
    expect(raw).toEqual(new Uint8Array(host.raw))
    expect(rest.validFromMillis).toBe(Date.parse(host.validFrom))
    expect(rest.validToMillis).toBe(Date.parse(host.validTo))
  })
})

describe("names", () => {
  it("of all kinds are told apart", () => {
    expect(certificateOf(Fixtures.server.certificate).subjectAltName).toEqual([
      { kind: "dns", value: "localhost" },
      { kind: "dns", value: "*.example.org" },
      { kind: "ip", value: "127.0.0.1" },
      { kind: "ip", value: "::1" },
      { kind: "other", value: "email:ops@example.org" },
      { kind: "other", value: "URI:https://example.org/" }
    ])
  })

  it("are in UTF-8, and cannot be taken for two", () => {
    expect(certificateOf(Fixtures.client.certificate).subject).toBe(
      "CN=client\\, of tests, O=Pörtico"
    )
  })
})

describe("what a certificate may be used for", () => {
  it("is read of its extensions", () => {
    const authority = certificateOf(Fixtures.authority)
    expect([authority.isAuthority, authority.maySign, authority.pathLengthMax]).toEqual([
      true,
      true,
      Infinity
    ])
    expect(authority.authorityKeyId).toEqual(authority.subjectKeyId)
    expect(certificateOf(Fixtures.between).pathLengthMax).toBe(0)
    const server = certificateOf(Fixtures.server.certificate)
    expect([server.isAuthority, server.purposes]).toEqual([false, ["1.3.6.1.5.5.7.3.1"]])
    expect(certificateOf(Fixtures.other.certificate).purposes).toBe(undefined)
  })
})

describe("malformed bytes are refused, saying where", () => {
  const server = derOf(Fixtures.server.certificate)
  const problemOf = (bytes: Uint8Array): string => {
    const read = X509Certificate.decode(bytes)
    return read instanceof Malformed ? read.text : "none"
  }

  it("cut off at any byte", () => {
    for (let length = 0; length < server.length; length++) {
      expect(X509Certificate.decode(server.subarray(0, length))).toBeInstanceOf(Malformed)
    }
  })

  it("with bytes behind them", () => {
    const more = Uint8Array.of(...server, 0)
    expect(problemOf(more)).toBe(`bytes behind the last element at byte ${server.length}`)
  })

  it("too many of them", () => {
    expect(problemOf(new Uint8Array(70_000))).toBe("more than 65536 bytes at byte 0")
  })

  it("with lengths that DER does not have", () => {
    expect(problemOf(Uint8Array.of(0x30, 0x80, 0, 0))).toBe("an indefinite length at byte 1")
    expect(problemOf(Uint8Array.of(0x30, 0x81, 1, 0))).toContain("not the shortest")
    expect(problemOf(Uint8Array.of(0x30, 0x85, 0, 0, 0, 0, 1))).toContain("more than 4 bytes")
    expect(problemOf(Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff))).toContain("longer than")
  })
})

describe("PEM", () => {
  it("holds blocks between any text", () => {
    const windows = Fixtures.authority.replaceAll("\n", "\r\n")
    const text = `first\n${Fixtures.between}second\r\n${windows}`
    const blocks = Pem.decode(text)
    expect(blocks instanceof Malformed ? [] : blocks.map(({ bytes }) => bytes)).toEqual(
      [Fixtures.between, Fixtures.authority].map(derOf)
    )
  })

  it.each([
    ["a letter of no alphabet", (text: string) => text.replace("M", "*")],
    ["a letter too few", (text: string) => text.replace("M", "")],
    ["another end", (text: string) => text.replace("END CERTIFICATE", "END KEY")]
  ])("is refused with %s", (_, spoil) => {
    expect(Pem.decode(spoil(Fixtures.authority))).toBeInstanceOf(Malformed)
  })
})
