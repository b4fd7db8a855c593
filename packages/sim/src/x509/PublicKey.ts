/** The public key of a certificate: SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
import { Der, Tag } from "./Der.ts"
import * as ObjectId from "./ObjectId.ts"

export interface PublicKey {
  /** The object identifier of the algorithm. */
  readonly algorithm: string
  /** The algorithm's parameters in DER, such as a curve's identifier; empty without. */
  readonly parameters: Uint8Array
  /** The key itself, as the algorithm has it. */
  readonly bits: Uint8Array
}

export const rsa = "1.2.840.113549.1.1.1"
export const rsaPss = "1.2.840.113549.1.1.10"
export const ellipticCurve = "1.2.840.10045.2.1"

export const read = (der: Der): PublicKey => {
  const info = der.enter(Tag.sequence)
  const { algorithm, parameters } = readAlgorithm(info)
  const bits = info.bits()
  if (bits.length === 0) info.fail("a key without bytes")
  info.finish()
  return { algorithm, parameters, bits }
}

export const readAlgorithm = (der: Der): Omit<PublicKey, "bits"> => {
  const identifier = der.enter(Tag.sequence)
  const algorithm = ObjectId.read(identifier)
  const parameters = identifier.isAtEnd ? identifier.rest : identifier.whole()
  identifier.finish()
  return { algorithm, parameters }
}

/** Of an RSA key: its numbers, without leading zeros. */
export const rsaNumbers = (
  bits: Uint8Array
): { readonly modulus: Uint8Array; readonly exponent: Uint8Array } => {
  const pair = new Der(bits).enter(Tag.sequence)
  const modulus = pair.unsigned()
  const exponent = pair.unsigned()
  pair.finish()
  return { modulus, exponent }
}
