/**
 * What Bun's sockets say of TLS, translated: the only file of this package that knows their codes.
 *
 * They call every failure of BoringSSL's EPROTO and name it in the message, which Bun's `node:tls`
 * turns into a code. So does this; Node's table serves for the rest.
 */
import type { PortFailure } from "@portico/core/port/index"
import {
  chainFailure,
  handshakeFailure as nodeHandshakeFailure,
  streamFailure as nodeStreamFailure
} from "@portico/node/NodeTlsErrno"

export { handshakeEnded } from "@portico/node/NodeTlsErrno"

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

/**
 * Why a server's certificate is not accepted. Bun judges the name as well, last, with SNI as the
 * name; that is core's to do.
 */
export const serverVerdict = (error: Error | null): PortFailure | undefined => {
  const code = codeOf(error)
  if (code === undefined || code === "ERR_TLS_CERT_ALTNAME_INVALID") return undefined
  const isOfChain = code !== "EPROTO" && code !== "ECONNRESET"
  return isOfChain ? chainFailure(code) : handshakeFailure(error!)
}

/** Why a client's certificate is not accepted. */
export const clientVerdict = (error: Error | null): PortFailure | undefined => {
  const code = codeOf(error)
  return code === undefined ? undefined : chainFailure(code)
}
