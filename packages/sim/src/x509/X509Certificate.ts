/** A certificate (X.509 v1 to v3, RFC 5280), read from DER that nobody vouches for. */
import type { PortCertificate } from "@portico/core/port/index"
import { constructed, Der, primitive, Tag } from "./Der.ts"
import * as DerText from "./DerText.ts"
import * as DerTime from "./DerTime.ts"
import * as DistinguishedName from "./DistinguishedName.ts"
import * as Extensions from "./Extensions.ts"
import { attempt, type Malformed } from "./Malformed.ts"
import * as PublicKey from "./PublicKey.ts"
import * as Sha256 from "./Sha256.ts"

export interface X509Certificate extends Extensions.Extensions {
  readonly raw: Uint8Array
  /** 1, 2 or 3. */
  readonly version: number
  readonly subject: string
  readonly issuer: string
  /** The names in DER, which are compared. */
  readonly subjectBytes: Uint8Array
  readonly issuerBytes: Uint8Array
  readonly validFromMillis: number
  readonly validToMillis: number
  readonly publicKey: PublicKey.PublicKey
}

/** Longer ones are refused unread. */
export const bytesMax = 64 * 1024

/** Reads one certificate and nothing else. The bytes are not copied, and must not change. */
export const decode = (raw: Uint8Array): X509Certificate | Malformed =>
  attempt(() => {
    const file = new Der(raw)
    if (raw.length > bytesMax) file.fail(`more than ${bytesMax} bytes`)
    const outer = file.enter(Tag.sequence)
    file.finish()
    const certificate = readSigned(raw, outer.enter(Tag.sequence), (algorithm) => {
      if (!isSame(outer.whole(Tag.sequence), algorithm)) outer.fail("two signature algorithms")
    })
    outer.bits()
    outer.finish()
    return certificate
  })

/** `checkAlgorithm` is given what the signed part says that signs it. */
const readSigned = (
  raw: Uint8Array,
  signed: Der,
  checkAlgorithm: (algorithm: Uint8Array) => void
): X509Certificate => {
  const version = readVersion(signed)
  signed.enter(Tag.integer).integer()
  const algorithm = signed.whole(Tag.sequence)
  const [issuer, issuerBytes] = name(signed)
  const validity = signed.enter(Tag.sequence)
  const validFromMillis = DerTime.read(validity)
  const validToMillis = DerTime.read(validity)
  validity.finish()
  const [subject, subjectBytes] = name(signed)
  const publicKey = PublicKey.read(signed)
  const extensions = readExtensions(signed, version)
  checkAlgorithm(algorithm)
  return {
    raw,
    version,
    subject,
    issuer,
    subjectBytes,
    issuerBytes,
    validFromMillis,
    validToMillis,
    publicKey,
    ...extensions
  }
}

const readVersion = (signed: Der): number => {
  const explicit = signed.enterIf(constructed(0))
  if (explicit === undefined) return 1
  const number = explicit.small()
  if (number > 2) explicit.fail("a version later than 3")
  explicit.finish()
  return number + 1
}

const readExtensions = (signed: Der, version: number): Extensions.Extensions => {
  // Identifiers that tell apart issuers of one name; nobody uses them.
  signed.enterIf(primitive(1))
  signed.enterIf(primitive(2))
  const explicit = signed.enterIf(constructed(3))
  signed.finish()
  if (explicit === undefined) return Extensions.none()
  if (version < 3) explicit.fail("extensions before version 3")
  const extensions = Extensions.read(explicit)
  explicit.finish()
  return extensions
}

const name = (signed: Der): readonly [text: string, bytes: Uint8Array] => {
  const bytes = signed.whole(Tag.sequence)
  const { offset } = signed
  return [DistinguishedName.read(new Der(signed.bytes, offset - bytes.length, offset)), bytes]
}

export const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])

/** As ports tell it; `raw` is a copy. */
export const toPort = (certificate: X509Certificate): PortCertificate => {
  const { issuer, raw, subject, subjectAltName, validFromMillis, validToMillis } = certificate
  const digest = DerText.hexOf(Sha256.digest(raw)).toUpperCase()
  return {
    subject,
    issuer,
    subjectAltName,
    validFromMillis,
    validToMillis,
    fingerprint256: digest.match(/../g)!.join(":"),
    raw: raw.slice()
  }
}
