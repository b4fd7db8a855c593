/**
 * Whether a chain of certificates leads to an authority that is trusted (RFC 5280 §6), as far as
 * that is to be known without computing a signature: who issued what is told by names and key
 * identifiers. Not checked either: constraints on names, policies, revocation.
 *
 * The words for what is wrong are OpenSSL's, as Node has them.
 */
import { Reason } from "@portico/core/Reason"
import { isSame, type X509Certificate } from "./X509Certificate.ts"

/** What a chain is shown for. */
export type Purpose = "server" | "client"

/** Certificates in a path, the trusted one included. */
export const lengthMax = 100

const purposeIds = { server: "1.3.6.1.5.5.7.3.1", client: "1.3.6.1.5.5.7.3.2" } as const

/**
 * Undefined when the first of `shown` may be relied on at the time `nowMillis`. `shown` is what the
 * peer sent: its own first, then others in any order.
 */
export const verify = (
  shown: ReadonlyArray<X509Certificate>,
  trust: ReadonlyArray<X509Certificate>,
  purpose: Purpose,
  nowMillis: number
): Reason | undefined => {
  const path = pathFrom(shown, trust)
  if (typeof path === "string") return Reason.CertificateUntrusted({ code: path })
  const code = unfit(path, purpose)
  if (code !== undefined) return Reason.CertificateUntrusted({ code })
  // From the authority down, as OpenSSL looks.
  for (const { validFromMillis, validToMillis } of path.toReversed()) {
    if (nowMillis < validFromMillis) return Reason.CertificateNotYetValid()
    if (nowMillis > validToMillis) return Reason.CertificateExpired()
  }
  return undefined
}

type Path = ReadonlyArray<X509Certificate>

/** From the first of `shown` up to a trusted authority that issued itself, or why there is none. */
const pathFrom = (shown: Path, trust: Path): Path | string => {
  const path = [shown[0]!]
  for (;;) {
    const last = path.at(-1)!
    const isTrusted = trust.some((authority) => isSame(authority.raw, last.raw))
    if (isSelfIssued(last)) {
      if (isTrusted) return path
      // The authority may be trusted by another certificate for the same key.
      const twin = trust.find((one) => isSelfIssued(one) && isSameHolder(one, last))
      if (twin !== undefined) return [...path.slice(0, -1), twin]
      return path.length === 1 ? "DEPTH_ZERO_SELF_SIGNED_CERT" : "SELF_SIGNED_CERT_IN_CHAIN"
    }
    if (path.length === lengthMax) return "CERT_CHAIN_TOO_LONG"
    const issuer = find(trust, last, path) ?? find(shown, last, path)
    if (issuer === undefined) {
      if (isTrusted) return "UNABLE_TO_GET_ISSUER_CERT"
      return path.length === 1
        ? "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
        : "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"
    }
    path.push(issuer)
  }
}

const find = (among: Path, issued: X509Certificate, path: Path): X509Certificate | undefined =>
  among.find((one) => hasIssued(one, issued) && !path.includes(one))

const hasIssued = (issuer: X509Certificate, issued: X509Certificate): boolean => {
  const { authorityKeyId } = issued
  const { subjectKeyId } = issuer
  return (
    isSame(issuer.subjectBytes, issued.issuerBytes) &&
    (authorityKeyId === undefined ||
      subjectKeyId === undefined ||
      isSame(authorityKeyId, subjectKeyId))
  )
}

const isSameHolder = (a: X509Certificate, b: X509Certificate): boolean =>
  isSame(a.subjectBytes, b.subjectBytes) && isSame(a.publicKey.bits, b.publicKey.bits)

const isSelfIssued = (certificate: X509Certificate): boolean => hasIssued(certificate, certificate)

/** What is wrong with a path other than that it is not trusted or that its time is over. */
const unfit = (path: Path, purpose: Purpose): string | undefined => {
  if (path.some(({ hasUnknown }) => hasUnknown)) return "UNHANDLED_CRITICAL_EXTENSION"
  const [own, ...authorities] = path
  for (const [below, authority] of authorities.entries()) {
    if (!isAuthority(authority)) return "INVALID_CA"
    if (below > authority.pathLengthMax) return "PATH_LENGTH_EXCEEDED"
  }
  const { purposes } = own!
  return purposes === undefined || purposes.includes(purposeIds[purpose])
    ? undefined
    : "INVALID_PURPOSE"
}

// A self-issued certificate of version 1 cannot say that it is an authority's.
const isAuthority = (certificate: X509Certificate): boolean =>
  certificate.maySign &&
  (certificate.isAuthority ?? (certificate.version === 1 && isSelfIssued(certificate)))
