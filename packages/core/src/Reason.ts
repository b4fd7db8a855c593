/**
 * Why an operation failed, in the nouns of the field.
 *
 * Each reason is plain data. What a caller should do about one is in `Remedy.ts`; which platform
 * code becomes which reason is in one file per backend.
 */
import * as Data from "effect/Data"

/** The facts each reason carries, by its tag. Counts are bytes unless their name says otherwise. */
export type Reason = Data.TaggedEnum<{
  /** Nothing listens there, or the listener refused. */
  ConnectionRefused: {}
  /** The peer, or a box between, reset the connection; bytes in flight may be lost. */
  ConnectionReset: {}
  /** Another socket holds that address or path. */
  AddressInUse: {}
  /** The local address does not exist on this host, or its ephemeral ports are used up. */
  AddressNotAvailable: {}
  /** No route to the host or network. */
  HostUnreachable: {}
  /** The time limit passed: ours (`Duration` given to the call) or the protocol's. */
  TimedOut: {}
  /** No such name, as far as the resolver knows (NXDOMAIN). */
  NameNotFound: {}
  /** The name is there, but has no record of the type, or no address of the family. */
  NoData: {}
  /** The system's resolver could not find out for now (EAI_AGAIN). */
  TemporaryFailure: {}
  /** A name server failed; `code` is its response code, such as SERVFAIL. */
  ServerFailure: { readonly code: string }
  /** A name server refuses the query, by its policy (REFUSED). */
  QueryRefused: {}
  /** What a name server sent cannot be read, or answers something else. */
  MalformedResponse: { readonly problem: string }
  /** No such path. */
  NotFound: {}
  /** Something on the way to the path is not a directory. */
  NotADirectory: {}
  /** It is a directory, and this is for files. */
  IsADirectory: {}
  /** The directory is not empty. */
  NotEmpty: {}
  /** Symbolic links lead in a circle, or one is where none may be. */
  SymlinkLoop: {}
  /** A name of the path, or the path, is longer than the file system takes. */
  NameTooLong: {}
  /** The two paths are on different file systems. */
  CrossDevice: {}
  /** The device failed (EIO): what was written may be lost, what is read may be wrong. */
  DeviceError: {}
  /** The file is longer than the caller takes, or would be longer than the host allows. */
  FileTooLarge: {}
  /** The path is there but is not a socket. */
  NotASocket: {}
  /** The path exists already. */
  AlreadyExists: {}
  /** The operating system denies it to this user. */
  PermissionDenied: {}
  /** No space is left on the device. */
  NoSpace: {}
  /** A limit of the process or the host is reached; `resource` names which. */
  ResourceExhausted: { readonly resource: string }
  /** A message is longer than what carries it. */
  MessageTooLarge: { readonly bytesMax: number }
  /** A delimiter did not come within `bytesMax` bytes. The bytes stay readable. */
  LimitExceeded: { readonly argument: string; readonly bytesMax: number }
  /** The stream ended after `bytesAvailable` of `bytesExpected` bytes. They stay readable. */
  UnexpectedEnd: { readonly bytesExpected: number; readonly bytesAvailable: number }
  /** No authority that is trusted has signed the peer's certificate; `code` is the host's word. */
  CertificateUntrusted: { readonly code: string }
  /** The peer's certificate is for `names`, and not for whom it should be. */
  CertificateNameMismatch: { readonly serverName: string; readonly names: ReadonlyArray<string> }
  /** The time of the peer's certificate, or of one in its chain, is over. */
  CertificateExpired: {}
  /** The time of the peer's certificate, or of one in its chain, is to come. */
  CertificateNotYetValid: {}
  /** The server asks for a certificate, and the client has shown none. */
  CertificateRequired: {}
  /** The two sides name application protocols, and none in common (ALPN). */
  NoApplicationProtocol: {}
  /** What the peer sent is not TLS. */
  NotTls: {}
  /** The peer ended the stream in the middle of the handshake. */
  HandshakeEnded: {}
  /** The two sides do not come together: no common version, a bad record, an alert. */
  HandshakeFailed: { readonly code: string }
  /** The stream ended without the peer's word (close_notify): it may have been cut off. */
  MissingCloseNotify: {}
  /** You closed it: the handle, its writing side, or the scope or backend that owned it. */
  Closed: {}
  /** The world broke it: the peer went away, or an interrupted write left it unusable. */
  Broken: {}
  /** Another fiber is at it, or another process. */
  Busy: {}
  /** This backend cannot do that. */
  Unsupported: { readonly capability: string; readonly backend: string }
  /** An argument is out of its bound. Nothing was attempted. */
  InvalidArgument: {
    readonly argument: string
    readonly bound: string
    readonly value: string
  }
  /** A platform code with no noun of its own yet. */
  Unknown: { readonly code: string }
}>

export const Reason = Data.taggedEnum<Reason>()

/** One line for people: the noun, then the facts it carries. */
export const format = (reason: Reason): string => {
  switch (reason._tag) {
    case "ResourceExhausted":
      return `ResourceExhausted (${reason.resource})`
    case "MessageTooLarge":
      return `MessageTooLarge (at most ${reason.bytesMax} bytes)`
    case "LimitExceeded":
      return `LimitExceeded (${reason.argument}: at most ${reason.bytesMax} bytes)`
    case "UnexpectedEnd":
      return `UnexpectedEnd (${reason.bytesAvailable} of ${reason.bytesExpected} bytes)`
    case "ServerFailure":
      return `ServerFailure (${reason.code})`
    case "MalformedResponse":
      return `MalformedResponse (${reason.problem})`
    case "CertificateUntrusted":
      return `CertificateUntrusted (${reason.code})`
    case "CertificateNameMismatch":
      return `CertificateNameMismatch (${reason.serverName} is none of ${reason.names.join(", ")})`
    case "HandshakeFailed":
      return `HandshakeFailed (${reason.code})`
    case "Unsupported":
      return `Unsupported (${reason.capability} on the ${reason.backend} backend)`
    case "InvalidArgument":
      return `InvalidArgument (${reason.argument} must be ${reason.bound}: ${reason.value})`
    case "Unknown":
      return `Unknown (${reason.code})`
    default:
      return reason._tag
  }
}
