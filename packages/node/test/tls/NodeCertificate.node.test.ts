import { X509Certificate } from "node:crypto"
import * as Certificates from "@portico/testkit/Certificates"
import { describe, expect, it } from "vitest"
import * as NodeCertificate from "../../src/tls/NodeCertificate.ts"

const certificate = new X509Certificate(Certificates.server.certificate)
const named = (subjectAltName: string) =>
  NodeCertificate.toPort(
    new Proxy(certificate, {
      get: (target, key) =>
        key === "subjectAltName" ? subjectAltName : Reflect.get(target, key, target)
    })
  ).subjectAltName

describe("a certificate as ports tell it", () => {
  it("has names, times in milliseconds, and its DER", () => {
    const port = NodeCertificate.toPort(certificate)
    expect(port.subject).toBe("CN=localhost")
    expect(port.issuer).toBe("O=Portico, CN=Test authority")
    expect(port.subjectAltName).toEqual([
      { kind: "dns", value: "localhost" },
      { kind: "dns", value: "example.org" },
      { kind: "dns", value: "*.example.net" },
      { kind: "dns", value: "xn--bcher-kva.example" },
      { kind: "ip", value: "127.0.0.1" },
      { kind: "ip", value: "0:0:0:0:0:0:0:1" }
    ])
    expect(new Date(port.validFromMillis).toISOString()).toBe("2020-01-01T00:00:00.000Z")
    expect(new Date(port.validToMillis).toISOString()).toBe("2120-01-01T00:00:00.000Z")
    expect(new X509Certificate(port.raw).fingerprint256).toBe(port.fingerprint256)
  })

  it("has no names where it has no subjectAltName", () => {
    const { subjectAltName } = NodeCertificate.toPort(new X509Certificate(Certificates.authority))
    expect(subjectAltName).toEqual([])
  })
})

describe("a value that is quoted", () => {
  it("is one entry, whatever it holds, and never a name that is trusted", () => {
    expect(named('DNS:"evil.example, DNS:example.org", DNS:b.example')).toEqual([
      { kind: "other", value: 'DNS:"evil.example, DNS:example.org"' },
      { kind: "dns", value: "b.example" }
    ])
    expect(named('DirName:"CN = a\\", DNS:example.org", IP Address:1.2.3.4')).toEqual([
      { kind: "other", value: 'DirName:"CN = a\\", DNS:example.org"' },
      { kind: "ip", value: "1.2.3.4" }
    ])
  })

  it("is of another kind where it is a URI or an address of mail", () => {
    expect(named("URI:spiffe://a/b, email:a@b.example")).toEqual([
      { kind: "other", value: "URI:spiffe://a/b" },
      { kind: "other", value: "email:a@b.example" }
    ])
  })
})
