/**
 * Messages of the handshake (RFC 8446 §4), as far as programs can tell by what they say: versions,
 * names, protocols, certificates, tickets. There are no key shares, as there are no secrets; the
 * cipher suite is of those for private use, so that nobody takes this for TLS that protects.
 */
import * as Utf8 from "@portico/core/dns/Utf8"
import { isAscii, latin1 } from "../x509/DerText.ts"
import { Malformed } from "../x509/Malformed.ts"
import { join, number, Octets, type Part, vector } from "./Octets.ts"

export const MessageType = {
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  encryptedExtensions: 8,
  certificate: 11,
  certificateRequest: 13,
  certificateVerify: 15,
  finished: 20
} as const

export const tls13 = 0x0304
const legacyVersion = 0x0303
const cipherSuite = 0xff01

const Extension = { serverName: 0, alpn: 16, preSharedKey: 41, versions: 43, pskModes: 45 } as const

/** A message with its type and length. */
export const message = (type: number, ...parts: ReadonlyArray<Part>): Uint8Array =>
  join([type], vector(3, ...parts))

type Extensions = ReadonlyMap<number, Octets>

const extension = (type: number, ...parts: ReadonlyArray<Part>): Uint8Array =>
  join(number(2, type), vector(2, ...parts))

const readExtensions = (octets: Octets): Extensions => {
  const all = octets.vector(2).list((list) => [list.number(2), list.vector(2)] as const)
  const extensions = new Map(all)
  if (extensions.size < all.length) throw new Malformed("an extension that is there twice", 0)
  return extensions
}

export interface ClientHello {
  /** 32 bytes. */
  readonly random: Uint8Array
  readonly versions: ReadonlyArray<number>
  readonly serverName: string | undefined
  readonly alpn: ReadonlyArray<string>
  readonly ticket: Uint8Array | undefined
}

export const encodeClientHello = (hello: ClientHello): Uint8Array => {
  const { alpn, random, serverName, ticket, versions } = hello
  const extensions: Array<Uint8Array> = []
  if (serverName !== undefined) {
    const name = vector(2, [0], vector(2, Utf8.encode(serverName)))
    extensions.push(extension(Extension.serverName, name))
  }
  if (alpn.length > 0) extensions.push(extension(Extension.alpn, protocolList(alpn)))
  const list = versions.flatMap((version) => number(2, version))
  extensions.push(extension(Extension.versions, vector(1, list)))
  extensions.push(extension(Extension.pskModes, vector(1, [1])))
  // The last one, as the RFC has it. The binder stands for one.
  if (ticket !== undefined) {
    const identities = vector(2, vector(2, ticket), number(4, 0))
    const binders = vector(2, vector(1, new Uint8Array(32)))
    extensions.push(extension(Extension.preSharedKey, identities, binders))
  }
  const suites = vector(2, number(2, cipherSuite))
  const start = join(number(2, legacyVersion), random, vector(1, random), suites, [1, 0])
  return message(MessageType.clientHello, start, vector(2, ...extensions))
}

/** Throws `Malformed`, as the others that read. */
export const decodeClientHello = (body: Uint8Array): ClientHello => {
  const octets = new Octets(body)
  octets.number(2)
  const random = octets.take(32)
  octets.vector(1)
  octets.vector(2)
  octets.vector(1)
  const extensions = octets.left === 0 ? new Map<number, Octets>() : readExtensions(octets)
  octets.finish()
  const versions = extensions.get(Extension.versions)
  const alpn = extensions.get(Extension.alpn)
  return {
    random,
    versions: versions?.vector(1).list((list) => list.number(2)) ?? [],
    serverName: readServerName(extensions.get(Extension.serverName)),
    alpn: alpn === undefined ? [] : readProtocols(alpn),
    ticket: extensions.get(Extension.preSharedKey)?.vector(2).vector(2).rest
  }
}

const readServerName = (octets: Octets | undefined): string | undefined => {
  if (octets === undefined) return undefined
  const list = octets.vector(2)
  if (list.number(1) !== 0) throw new Malformed("a server name of another kind", 0)
  const name = list.vector(2).rest
  if (name.length === 0 || !isAscii(name)) throw new Malformed("a server name that is no name", 0)
  return latin1(name)
}

const protocolList = (protocols: ReadonlyArray<string>): Uint8Array =>
  vector(2, ...protocols.map((protocol) => vector(1, Utf8.encode(protocol))))

const readProtocols = (octets: Octets): ReadonlyArray<string> =>
  octets.vector(2).list((list) => Utf8.decode(list.vector(1).rest))

export interface ServerHello {
  readonly random: Uint8Array
  readonly version: number
  readonly isResumed: boolean
}

export const encodeServerHello = ({ isResumed, random, version }: ServerHello): Uint8Array => {
  const start = join(number(2, legacyVersion), random, [0], number(2, cipherSuite), [0])
  const versions = extension(Extension.versions, number(2, version))
  const extensions = isResumed ? [versions, extension(Extension.preSharedKey, [0, 0])] : [versions]
  return message(MessageType.serverHello, start, vector(2, ...extensions))
}

export const decodeServerHello = (body: Uint8Array): ServerHello => {
  const octets = new Octets(body)
  octets.number(2)
  const random = octets.take(32)
  octets.vector(1)
  octets.number(2)
  octets.number(1)
  const extensions = readExtensions(octets)
  octets.finish()
  const version = extensions.get(Extension.versions)?.number(2) ?? legacyVersion
  return { random, version, isResumed: extensions.has(Extension.preSharedKey) }
}

export const encodeEncryptedExtensions = (protocol: string | undefined): Uint8Array => {
  const extensions =
    protocol === undefined ? [] : [extension(Extension.alpn, protocolList([protocol]))]
  return message(MessageType.encryptedExtensions, vector(2, ...extensions))
}

/** The application protocol that the server selected. */
export const decodeEncryptedExtensions = (body: Uint8Array): string | undefined => {
  const octets = new Octets(body)
  const alpn = readExtensions(octets).get(Extension.alpn)
  octets.finish()
  return alpn === undefined ? undefined : readProtocols(alpn)[0]
}

export const encodeCertificateRequest = (): Uint8Array =>
  message(MessageType.certificateRequest, [0], vector(2))

export const encodeCertificate = (chain: ReadonlyArray<Uint8Array>): Uint8Array => {
  const entries = chain.map((raw) => join(vector(3, raw), vector(2)))
  return message(MessageType.certificate, [0], vector(3, ...entries))
}

/** In DER, the peer's own first. */
export const decodeCertificate = (body: Uint8Array): ReadonlyArray<Uint8Array> => {
  const octets = new Octets(body)
  octets.vector(1)
  const chain = octets.vector(3).list((list) => {
    const raw = list.vector(3).rest
    list.vector(2)
    return raw
  })
  octets.finish()
  return chain
}

/** Seconds for which the ticket is good, and the ticket. */
export const encodeTicket = (lifetimeSeconds: number, ticket: Uint8Array): Uint8Array =>
  message(
    MessageType.newSessionTicket,
    number(4, lifetimeSeconds),
    number(4, 0),
    vector(1),
    vector(2, ticket),
    vector(2)
  )

export const decodeTicket = (
  body: Uint8Array
): { readonly lifetimeSeconds: number; readonly ticket: Uint8Array } => {
  const octets = new Octets(body)
  const lifetimeSeconds = octets.number(4)
  octets.number(4)
  octets.vector(1)
  const ticket = octets.vector(2).rest
  octets.vector(2)
  octets.finish()
  return { lifetimeSeconds, ticket }
}

/** The algorithm is one for private use as well. */
export const encodeVerify = (proof: Uint8Array): Uint8Array =>
  message(MessageType.certificateVerify, number(2, 0xfe00), vector(2, proof))

export const decodeVerify = (body: Uint8Array): Uint8Array => {
  const octets = new Octets(body)
  octets.number(2)
  const proof = octets.vector(2).rest
  octets.finish()
  return proof
}
