/** A certificate as ports tell it, from Node's. */
import type { X509Certificate } from "node:crypto"
import type { PortCertificate, SubjectName } from "@portico/core/port/index"

export const toPort = (certificate: X509Certificate): PortCertificate => ({
  subject: oneLine(certificate.subject),
  issuer: oneLine(certificate.issuer),
  subjectAltName: subjectNames(certificate.subjectAltName ?? ""),
  validFromMillis: Date.parse(certificate.validFrom),
  validToMillis: Date.parse(certificate.validTo),
  fingerprint256: certificate.fingerprint256,
  raw: new Uint8Array(certificate.raw)
})

const oneLine = (lines: string | undefined): string => (lines ?? "").split("\n").join(", ")

// `DNS:example.org, IP Address:127.0.0.1, DirName:"CN=a, b"`: a value that could be mistaken for
// more than one is quoted as JSON (CVE-2021-44532), so an entry ends at a comma outside quotes.
const entry = /([^:,]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g

const subjectNames = (text: string): ReadonlyArray<SubjectName> =>
  Array.from(text.matchAll(entry), ([, kind, value]) => {
    const isQuoted = value!.startsWith('"')
    // No DNS name or address needs quotes; one that has them is kept for people alone.
    if (kind === "DNS" && !isQuoted) return { kind: "dns", value: value! }
    if (kind === "IP Address" && !isQuoted) return { kind: "ip", value: value! }
    return { kind: "other", value: `${kind}:${value}` }
  })
