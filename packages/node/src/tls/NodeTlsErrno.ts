/**
 * What OpenSSL and BoringSSL say, translated: the only file of this package that knows their codes.
 */
import { PortFailure } from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"
import { failureOf } from "../NodeErrno.ts"
import { TransportError } from "./NodeTransport.ts"

const reasons: ReadonlyMap<string, () => Reason> = new Map<string, () => Reason>([
  ["ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE", Reason.CertificateRequired],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", Reason.CertificateRequired],
  ["ERR_SSL_TLSV1_ALERT_CERTIFICATE_REQUIRED", Reason.CertificateRequired],
  ["ERR_SSL_NO_APPLICATION_PROTOCOL", Reason.NoApplicationProtocol],
  ["ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL", Reason.NoApplicationProtocol],
  ["ERR_SSL_HTTP_REQUEST", Reason.NotTls],
  ["ERR_SSL_HTTPS_PROXY_REQUEST", Reason.NotTls],
  ["ERR_SSL_PACKET_LENGTH_TOO_LONG", Reason.NotTls],
  ["ERR_SSL_WRONG_VERSION_NUMBER", Reason.NotTls]
])

const isTls = (code: unknown): code is string =>
  typeof code === "string" && code.startsWith("ERR_SSL_")

/** Why a handshake failed. */
export const handshakeFailure = (error: Error): PortFailure => {
  if (error instanceof TransportError) return error.failure
  const { code, syscall } = error as NodeJS.ErrnoException
  const known = typeof code === "string" ? reasons.get(code) : undefined
  if (known !== undefined) return new PortFailure(known(), error)
  if (isTls(code)) return new PortFailure(Reason.HandshakeFailed({ code: short(code) }), error)
  const failure = failureOf(error)
  // Node calls an end before the handshake's a reset; a real one names the system call.
  return failure.reason._tag === "ConnectionReset" && syscall === undefined
    ? handshakeEnded(error)
    : failure
}

export const handshakeEnded = (cause?: unknown): PortFailure =>
  new PortFailure(Reason.HandshakeEnded(), cause)

/** Why a stream broke after its handshake: a record that is wrong, or the peer's alert. */
export const streamFailure = (error: Error): PortFailure => {
  if (error instanceof TransportError) return error.failure
  const { code } = error as NodeJS.ErrnoException
  if (!isTls(code)) return failureOf(error)
  return new PortFailure(reasons.get(code)?.() ?? Reason.Broken(), error)
}

const short = (code: string): string => code.slice("ERR_SSL_".length)

const verdicts: ReadonlyMap<string, () => Reason> = new Map<string, () => Reason>([
  ["CERT_HAS_EXPIRED", Reason.CertificateExpired],
  ["CERT_NOT_YET_VALID", Reason.CertificateNotYetValid]
])

/** Why the peer's chain is not accepted, by OpenSSL's verify code. */
export const chainFailure = (code: string): PortFailure =>
  new PortFailure(verdicts.get(code)?.() ?? Reason.CertificateUntrusted({ code }), code)
