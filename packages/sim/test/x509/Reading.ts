/** Certificates and keys of fixtures, which can be read. */
import { Malformed } from "../../src/x509/Malformed.ts"
import * as Pem from "../../src/x509/Pem.ts"
import * as PrivateKey from "../../src/x509/PrivateKey.ts"
import * as X509Certificate from "../../src/x509/X509Certificate.ts"

const expectRead = <A>(read: A | Malformed): A => {
  if (read instanceof Malformed) throw new Error(read.text)
  return read
}

/** The only block of a text. */
export const blockOf = (pem: string): Pem.PemBlock => {
  const blocks = expectRead(Pem.decode(pem))
  if (blocks.length !== 1) throw new Error(`blocks: ${blocks.length}`)
  return blocks[0]!
}

export const derOf = (pem: string): Uint8Array => blockOf(pem).bytes

export const certificateOf = (pem: string): X509Certificate.X509Certificate =>
  expectRead(X509Certificate.decode(derOf(pem)))

export const keyOf = (pem: string): PrivateKey.PrivateKey =>
  expectRead(PrivateKey.decode(blockOf(pem)))
