/**
 * Private keys: PKCS#8 (RFC 5958), SEC 1 (RFC 5915) and PKCS#1 (RFC 8017 §A.1.2), unencrypted.
 *
 * Only what is public of them is read, to tell whether a key is a certificate's. One that holds
 * nothing public (Ed25519 in PKCS#8 as OpenSSL writes it) is taken for that of any certificate of
 * its algorithm: to find out takes arithmetic on curves, and nothing is signed here.
 */
import { constructed, Der, primitive, Tag } from "./Der.ts"
import { attempt, type Malformed } from "./Malformed.ts"
import * as ObjectId from "./ObjectId.ts"
import type { PemBlock } from "./Pem.ts"
import * as PublicKey from "./PublicKey.ts"
import { isSame } from "./X509Certificate.ts"

/** What a key says of its public part; what it does not say is undefined. */
export interface PrivateKey {
  readonly algorithm: string
  readonly parameters: Uint8Array | undefined
  readonly bits: Uint8Array | undefined
  readonly modulus: Uint8Array | undefined
}

const readers: Readonly<Record<string, (der: Der) => PrivateKey>> = {
  "PRIVATE KEY": (der) => pkcs8(der),
  "EC PRIVATE KEY": (der) => sec1(der),
  "RSA PRIVATE KEY": (der) => pkcs1(der, PublicKey.rsa)
}

export const isKey = ({ label }: PemBlock): boolean => label in readers

/** Of a block that is one. */
export const decode = ({ bytes, label }: PemBlock): PrivateKey | Malformed =>
  attempt(() => {
    const file = new Der(bytes)
    const key = readers[label]!(file)
    file.finish()
    return key
  })

const pkcs8 = (file: Der): PrivateKey => {
  const info = file.enter(Tag.sequence)
  if (info.small() > 1) info.fail("a later version of PKCS#8")
  const { algorithm, parameters } = PublicKey.readAlgorithm(info)
  const inside = info.enter(Tag.octetString)
  info.enterIf(constructed(0))
  const outerBits = info.tag === primitive(1) ? info.bits(primitive(1)) : undefined
  info.finish()
  if (algorithm === PublicKey.rsa || algorithm === PublicKey.rsaPss) {
    return finished(inside, pkcs1(inside, algorithm))
  }
  if (algorithm !== PublicKey.ellipticCurve) {
    return { algorithm, parameters, bits: outerBits, modulus: undefined }
  }
  const key = finished(inside, sec1(inside))
  return { ...key, parameters, bits: key.bits ?? outerBits }
}

const finished = (inside: Der, key: PrivateKey): PrivateKey => {
  inside.finish()
  return key
}

const sec1 = (file: Der): PrivateKey => {
  const key = file.enter(Tag.sequence)
  if (key.small() !== 1) key.fail("another version of SEC 1")
  key.enter(Tag.octetString)
  const named = key.enterIf(constructed(0))
  const parameters = named?.tag === Tag.oid ? named.rest : undefined
  if (parameters !== undefined) ObjectId.read(named!)
  const bits = key.enterIf(constructed(1))?.bits()
  key.finish()
  return { algorithm: PublicKey.ellipticCurve, parameters, bits, modulus: undefined }
}

const pkcs1 = (file: Der, algorithm: string): PrivateKey => {
  const key = file.enter(Tag.sequence)
  if (key.small() > 1) key.fail("a later version of PKCS#1")
  const modulus = key.unsigned()
  // The exponents, the primes, and what speeds computing up.
  while (key.tag === Tag.integer) key.unsigned()
  return { algorithm, parameters: undefined, bits: undefined, modulus }
}

/** Whether nothing that `key` says of its public part is otherwise in `certified`. */
export const belongsTo = (key: PrivateKey, certified: PublicKey.PublicKey): boolean => {
  if (key.modulus !== undefined) {
    const numbers = isRsa(certified) && attempt(() => PublicKey.rsaNumbers(certified.bits))
    return typeof numbers === "object" && "modulus" in numbers
      ? isSame(numbers.modulus, key.modulus)
      : false
  }
  return (
    key.algorithm === certified.algorithm &&
    (key.parameters === undefined || isSame(key.parameters, certified.parameters)) &&
    (key.bits === undefined || isSame(key.bits, certified.bits))
  )
}

const isRsa = ({ algorithm }: PublicKey.PublicKey): boolean =>
  algorithm === PublicKey.rsa || algorithm === PublicKey.rsaPss
