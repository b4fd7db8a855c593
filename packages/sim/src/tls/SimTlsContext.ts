/** PEM texts read once: certificates, authorities, and what tickets are sealed with. */
import { PortFailure, type TlsContextRequest, type TlsVersion } from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"
import { Malformed } from "../x509/Malformed.ts"
import * as Pem from "../x509/Pem.ts"
import * as PrivateKey from "../x509/PrivateKey.ts"
import * as X509Certificate from "../x509/X509Certificate.ts"

type Chain = ReadonlyArray<X509Certificate.X509Certificate>

/** A class, so that only ours are taken for ones. */
export class SimTlsContext {
  /** What this side shows, its own certificate first; empty shows none. */
  readonly chain: Chain
  readonly trust: Chain
  readonly minVersion: TlsVersion
  /** Of a server, 32 bytes: a ticket is of use only to the context that it came from. */
  readonly ticketKey: Uint8Array

  constructor(chain: Chain, trust: Chain, minVersion: TlsVersion, ticketKey: Uint8Array) {
    this.chain = chain
    this.trust = trust
    this.minVersion = minVersion
    this.ticketKey = ticketKey
  }
}

/** What a context needs beside its request. */
export interface ContextOrigin {
  /** The authorities that `system` stands for. */
  readonly systemTrust: Chain
  readonly ticketKey: Uint8Array
}

export const make = (
  { credentials, minVersion, trust }: TlsContextRequest,
  { systemTrust, ticketKey }: ContextOrigin
): SimTlsContext | PortFailure => {
  const chain = credentials === undefined ? [] : readChain(credentials.certificate)
  if (chain instanceof PortFailure) return chain
  if (credentials !== undefined) {
    const failure = checkKey(credentials.key, chain[0]!)
    if (failure !== undefined) return failure
  }
  const authorities = trust === "system" ? systemTrust : readTrust(trust)
  if (authorities instanceof PortFailure) return authorities
  return new SimTlsContext(chain, authorities, minVersion, ticketKey)
}

/** Every certificate of these texts, each of which has one at least. */
export const readTrust = (texts: ReadonlyArray<string>): Chain | PortFailure => {
  const authorities: Array<X509Certificate.X509Certificate> = []
  for (const text of texts) {
    const found = readCertificates(text)
    if (typeof found === "string") return invalid("trust", "certificates in PEM", found)
    authorities.push(...found)
  }
  return authorities
}

/** What is sent to the peer has to fit in a message of the handshake (`messageBytesMax`). */
const chainMax = 10
const chainBytesMax = 120 * 1024

const readChain = (text: string): Chain | PortFailure => {
  const bound = `a chain of 1 to ${chainMax} certificates in PEM`
  const found = readCertificates(text)
  if (typeof found === "string") return invalid("certificate", bound, found)
  if (found.length > chainMax) return invalid("certificate", bound, `${found.length}`)
  const bytes = found.reduce((sum, { raw }) => sum + raw.length, 0)
  return bytes > chainBytesMax
    ? invalid("certificate", `a chain of at most ${chainBytesMax} bytes`, `${bytes}`)
    : found
}

/** The certificates of a text, or what is wrong with it. */
const readCertificates = (text: string): Chain | string => {
  const blocks = Pem.decode(text)
  if (blocks instanceof Malformed) return blocks.text
  const certificates: Array<X509Certificate.X509Certificate> = []
  for (const { bytes, label } of blocks) {
    if (label !== "CERTIFICATE") continue
    const certificate = X509Certificate.decode(bytes)
    if (certificate instanceof Malformed) return certificate.text
    certificates.push(certificate)
  }
  return certificates.length === 0 ? "no block CERTIFICATE" : certificates
}

// Nothing of a key's text is told.
const checkKey = (text: string, own: X509Certificate.X509Certificate): PortFailure | undefined => {
  const bound = "an unencrypted key in PEM"
  const blocks = Pem.decode(text)
  if (blocks instanceof Malformed) return invalid("key", bound, blocks.text)
  const block = blocks.find(PrivateKey.isKey)
  if (block === undefined) return invalid("key", bound, "no block of a key")
  const key = PrivateKey.decode(block)
  if (key instanceof Malformed) return invalid("key", bound, key.text)
  return PrivateKey.belongsTo(key, own.publicKey)
    ? undefined
    : invalid("key", "the key of the certificate", "another key")
}

const invalid = (argument: string, bound: string, value: string): PortFailure =>
  new PortFailure(Reason.InvalidArgument({ argument, bound, value }))
