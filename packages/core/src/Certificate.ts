/** The certificate of a peer (X.509, RFC 5280), as far as programs ask for it. */
import type * as DateTime from "effect/DateTime"
import type { SubjectName } from "./port/TlsPort.ts"

export type { SubjectName }

export interface Certificate {
  /** `CN=localhost, O=Portico`: attributes in the order of the certificate. For people to read. */
  readonly subject: string
  readonly issuer: string
  /** What the certificate is for; the only names that are looked at (RFC 9525 §6.3). */
  readonly subjectAltName: ReadonlyArray<SubjectName>
  readonly validFrom: DateTime.Utc
  readonly validTo: DateTime.Utc
  /** SHA-256 of `raw`: 64 hexadecimal digits in upper case, in pairs parted by colons. */
  readonly fingerprint256: string
  /** DER, yours to keep. */
  readonly raw: Uint8Array
}
