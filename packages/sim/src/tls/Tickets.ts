/**
 * What makes a later handshake shorter (RFC 8446 §2.2): the server's ticket, which only the context
 * that made it can read, and the client's session, which keeps the ticket with whom it is from.
 *
 * Both hold the peer's chain, which is judged again before either is used: whatever has been
 * resumed was accepted by this context and at this time.
 */
import * as X509Certificate from "../x509/X509Certificate.ts"
import { attempt, Malformed } from "../x509/Malformed.ts"
import * as Cipher from "./Cipher.ts"
import { join, number, Octets, vector } from "./Octets.ts"

type Chain = ReadonlyArray<X509Certificate.X509Certificate>

/** As OpenSSL has it by default: 2 hours. */
export const lifetimeSeconds = 7_200

/** Who showed this chain may resume until then. */
export interface Resumable {
  readonly chain: Chain
  readonly untilMillis: number
}

const encode = ({ chain, untilMillis }: Resumable): Uint8Array =>
  join(number(6, untilMillis), vector(3, ...chain.map(({ raw }) => vector(3, raw))))

const read = (octets: Octets): Resumable => {
  const untilMillis = octets.number(6)
  const chain = octets.vector(3).list((list) => {
    const certificate = X509Certificate.decode(list.vector(3).rest)
    if (certificate instanceof Malformed) throw certificate
    return certificate
  })
  return { chain, untilMillis }
}

/** So that the hello with it, and the session, stay below 64 KiB. */
const ticketBytesMax = 32 * 1024
const sealedBytesMax = ticketBytesMax + 4 + Cipher.overheadBytes

const ticketType = 1

/** Undefined for a chain that is too long. `nonce` is not to be used twice for a key. */
export const seal = (
  key: Uint8Array,
  nonce: number,
  content: Resumable
): Uint8Array | undefined => {
  const bytes = encode(content)
  if (bytes.length > ticketBytesMax) return undefined
  return join(number(4, nonce), Cipher.seal(key, nonce, ticketType, bytes))
}

/** Undefined for what was not sealed with this key. */
export const unseal = (key: Uint8Array, ticket: Uint8Array): Resumable | undefined => {
  const found = attempt(() => {
    const octets = new Octets(ticket)
    const nonce = octets.number(4)
    const opened = Cipher.open(key, nonce, octets.rest.slice())
    return opened === undefined ? undefined : read(new Octets(opened.content))
  })
  return found instanceof Malformed ? undefined : found
}

export interface Session extends Resumable {
  readonly ticket: Uint8Array
}

const magic = 0x5053_5301
const sessionBytesMax = 64 * 1024

/** Undefined when it is longer than sessions may be. */
export const encodeSession = (session: Session): Uint8Array | undefined => {
  const bytes = join(number(4, magic), vector(2, session.ticket), encode(session))
  return bytes.length > sessionBytesMax ? undefined : bytes
}

/** Undefined for what is none. */
export const decodeSession = (bytes: Uint8Array): Session | undefined => {
  const found = attempt((): Session | undefined => {
    const octets = new Octets(bytes.slice())
    if (octets.number(4) !== magic) return undefined
    const ticket = octets.vector(2).rest
    const resumable = read(octets)
    octets.finish()
    const isUsable = resumable.chain.length > 0 && ticket.length <= sealedBytesMax
    return isUsable ? { ticket, ...resumable } : undefined
  })
  return found instanceof Malformed ? undefined : found
}
