/**
 * What a caller can do about a failure: one remedy for every reason, in a total table.
 *
 * After KJ's exception types: errors are sorted by what the caller should do, not by who failed.
 */
import type { Reason } from "./Reason.ts"

export type Remedy =
  /** Wait, with a bound and a back-off, and ask again: the same call may succeed. */
  | "RetryLater"
  /** This stream is gone; a new connection may work. */
  | "Reconnect"
  /** The call is wrong as written, here or for this backend: change the program or its options. */
  | "FixTheCall"
  /** The environment must change first: a name, a permission, an address, a disk. */
  | "FixTheEnvironment"
  /** The caller itself ended or occupies the handle: order the program's own steps. */
  | "OrderYourSteps"
  /** Nothing is known about it: report it. */
  | "Report"

const remedies: { readonly [Tag in Reason["_tag"]]: Remedy } = {
  ConnectionRefused: "RetryLater",
  ConnectionReset: "Reconnect",
  AddressInUse: "FixTheEnvironment",
  AddressNotAvailable: "FixTheEnvironment",
  HostUnreachable: "RetryLater",
  TimedOut: "RetryLater",
  NameNotFound: "FixTheEnvironment",
  NoData: "FixTheEnvironment",
  TemporaryFailure: "RetryLater",
  ServerFailure: "RetryLater",
  QueryRefused: "FixTheEnvironment",
  MalformedResponse: "RetryLater",
  NotFound: "FixTheEnvironment",
  NotADirectory: "FixTheEnvironment",
  IsADirectory: "FixTheEnvironment",
  NotEmpty: "FixTheEnvironment",
  SymlinkLoop: "FixTheEnvironment",
  NameTooLong: "FixTheCall",
  CrossDevice: "FixTheCall",
  DeviceError: "FixTheEnvironment",
  FileTooLarge: "FixTheEnvironment",
  NotASocket: "FixTheEnvironment",
  AlreadyExists: "FixTheEnvironment",
  PermissionDenied: "FixTheEnvironment",
  NoSpace: "FixTheEnvironment",
  ResourceExhausted: "RetryLater",
  MessageTooLarge: "FixTheCall",
  LimitExceeded: "Reconnect",
  UnexpectedEnd: "Reconnect",
  CertificateUntrusted: "FixTheEnvironment",
  CertificateNameMismatch: "FixTheEnvironment",
  CertificateExpired: "FixTheEnvironment",
  CertificateNotYetValid: "FixTheEnvironment",
  CertificateRequired: "FixTheCall",
  NoApplicationProtocol: "FixTheCall",
  NotTls: "FixTheCall",
  HandshakeEnded: "Reconnect",
  HandshakeFailed: "FixTheEnvironment",
  MissingCloseNotify: "Reconnect",
  Closed: "OrderYourSteps",
  Broken: "Reconnect",
  Busy: "OrderYourSteps",
  Unsupported: "FixTheCall",
  InvalidArgument: "FixTheCall",
  Unknown: "Report"
}

/** The remedy for a reason. Total: a new reason without one does not compile. */
export const of = (reason: Reason): Remedy => remedies[reason._tag]

/** Every reason's tag with its remedy, for the table in `docs/reference/errors.md`. */
export const table: ReadonlyArray<readonly [Reason["_tag"], Remedy]> = Object.entries(
  remedies
) as Array<[Reason["_tag"], Remedy]>
