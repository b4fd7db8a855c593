/** Alerts (RFC 8446 §6): what one side tells the other when it gives up, and what that means. */
import { PortFailure } from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"

export const Alert = {
  closeNotify: 0,
  unexpectedMessage: 10,
  badRecordMac: 20,
  recordOverflow: 22,
  badCertificate: 42,
  unsupportedCertificate: 43,
  certificateExpired: 45,
  illegalParameter: 47,
  unknownAuthority: 48,
  decodeError: 50,
  decryptError: 51,
  protocolVersion: 70,
  userCanceled: 90,
  certificateRequired: 116,
  noApplicationProtocol: 120
} as const
export type Alert = (typeof Alert)[keyof typeof Alert]

// As the RFC spells them, with those that are never sent from here.
const names: Readonly<Record<number, string>> = {
  0: "close_notify",
  10: "unexpected_message",
  20: "bad_record_mac",
  22: "record_overflow",
  40: "handshake_failure",
  42: "bad_certificate",
  43: "unsupported_certificate",
  44: "certificate_revoked",
  45: "certificate_expired",
  46: "certificate_unknown",
  47: "illegal_parameter",
  48: "unknown_ca",
  50: "decode_error",
  51: "decrypt_error",
  70: "protocol_version",
  80: "internal_error",
  90: "user_canceled",
  116: "certificate_required",
  120: "no_application_protocol"
}

const nameOf = (code: number): string => names[code] ?? `alert ${code}`

/** This side gives up: why, and what it tells the other, if anything. */
export class Fault {
  readonly alert: Alert | undefined
  readonly reason: Reason

  constructor(alert: Alert | undefined, reason: Reason) {
    this.alert = alert
    this.reason = reason
  }
}

/** For what has no reason of its own. */
export const fault = (alert: Alert): Fault =>
  new Fault(alert, Reason.HandshakeFailed({ code: nameOf(alert) }))

export const notTls = new Fault(undefined, Reason.NotTls())

/** A certificate that is not accepted. */
export const refusal = (reason: Reason): Fault => {
  if (reason._tag === "CertificateExpired") return new Fault(Alert.certificateExpired, reason)
  if (reason._tag === "CertificateNotYetValid") return new Fault(Alert.badCertificate, reason)
  const isUnsuited = reason._tag === "CertificateUntrusted" && reason.code === "INVALID_PURPOSE"
  return new Fault(isUnsuited ? Alert.unsupportedCertificate : Alert.unknownAuthority, reason)
}

const received = (code: number): Reason | undefined => {
  if (code === Alert.certificateRequired) return Reason.CertificateRequired()
  if (code === Alert.noApplicationProtocol) return Reason.NoApplicationProtocol()
  return undefined
}

/** What the peer's alert means to a handshake. */
export const handshakeFailure = (code: number): PortFailure => {
  const cause = { alert: nameOf(code) }
  if (code === Alert.closeNotify) return new PortFailure(Reason.HandshakeEnded(), cause)
  return new PortFailure(received(code) ?? Reason.HandshakeFailed({ code: cause.alert }), cause)
}

/** What it means to a stream, other than close_notify. */
export const streamFailure = (code: number): PortFailure =>
  new PortFailure(received(code) ?? Reason.Broken(), { alert: nameOf(code) })

/** What a fault of its own means to a stream. */
export const streamFault = ({ alert, reason }: Fault): PortFailure =>
  new PortFailure(Reason.Broken(), { alert: alert === undefined ? reason._tag : nameOf(alert) })
