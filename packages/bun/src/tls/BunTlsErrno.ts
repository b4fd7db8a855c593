/**
 * What Bun's sockets say of TLS, translated: the only file of this package that knows their codes.
 *
 * They call every failure of BoringSSL's EPROTO and name it in the message, which Bun's `node:tls`
 * turns into a code. So does this; Node's table serves for the rest.
 */
import type { PortFailure } from "@portico/core/port/index"
import {
  chainFailure,
  handshakeEnded,
  handshakeFailure as nodeHandshakeFailure,
  streamFailure as nodeStreamFailure
} from "@portico/node/tls/NodeTlsErrno"

export { handshakeEnded }

const codeOf = (error: Error | null | undefined): string | undefined => {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code
  return typeof code === "string" ? code : undefined
}

// `error:1000009c:SSL routines:OPENSSL_internal:HTTP_REQUEST`
const named = (error: Error): Error => {
  const name = /OPENSSL_internal:([A-Z0-9_]+)/.exec(error.message)?.[1]
  return name === undefined ? error : Object.assign(error, { code: `ERR_SSL_${name}` })
}

/** Why a handshake failed. */
export const handshakeFailure = (error: Error): PortFailure => nodeHandshakeFailure(named(error))

/** Why a stream broke after its handshake. */
export const streamFailure = (error: Error): PortFailure => nodeStreamFailure(named(error))

/** Whether `error` is BoringSSL's. */
export const isTlsFailure = (error: Error | null): boolean => codeOf(error) === "EPROTO"

/**
 * Why a client's handshake failed, if it did. Bun judges the certificate's name as well, last, with
 * SNI as the name; that is core's to do.
 */
export const clientVerdict = (isOk: boolean, error: Error | null): PortFailure | undefined => {
  const code = codeOf(error)
  if (error === null || code === undefined) return isOk ? undefined : handshakeEnded(error)
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return undefined
  return isTlsFailure(error) || code === "ECONNRESET" ? handshakeFailure(error) : chainFailure(code)
}

/**
 * The same of a server's. One that is shown no certificate is told of that as of a wrong one.
 */
export const serverVerdict = (
  isOk: boolean,
  error: Error | null,
  isShownCertificate: boolean
): PortFailure | undefined => {
  if (!isOk) return error === null ? handshakeEnded() : handshakeFailure(error)
  const code = codeOf(error)
  return isShownCertificate && code !== undefined ? chainFailure(code) : undefined
}
