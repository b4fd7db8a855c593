/**
 * A session as programs keep it: OpenSSL's ticket and the server's certificate, which a resumed
 * handshake does not send again and OpenSSL keeps without telling it to Node.
 */
export interface Session {
  readonly ticket: Uint8Array
  /** DER. */
  readonly certificate: Uint8Array | undefined
}

/** The length of the certificate in 4 bytes, the certificate, the ticket. */
const headBytes = 4

export const encode = ({ certificate, ticket }: Session): Uint8Array => {
  const length = certificate?.length ?? 0
  const bytes = new Uint8Array(headBytes + length + ticket.length)
  new DataView(bytes.buffer).setUint32(0, length)
  if (certificate !== undefined) bytes.set(certificate, headBytes)
  bytes.set(ticket, headBytes + length)
  return bytes
}

/** Undefined for what `encode` has not made. */
export const decode = (bytes: Uint8Array): Session | undefined => {
  if (bytes.length < headBytes) return undefined
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  const start = headBytes + length
  if (bytes.length <= start) return undefined
  const certificate = length === 0 ? undefined : bytes.slice(headBytes, start)
  return { ticket: bytes.slice(start), certificate }
}
