import { describe, expect, it } from "vitest"
import { IoError, isIoError } from "../src/IoError.ts"
import * as Remedy from "../src/Remedy.ts"
import { format, Reason } from "../src/Reason.ts"

type Tag = Reason["_tag"]

/** One reason of each kind, with the line that people are shown. A new tag does not compile. */
const samples: { readonly [T in Tag]: readonly [Reason, string, Remedy.Remedy] } = {
  ConnectionRefused: [Reason.ConnectionRefused(), "ConnectionRefused", "RetryLater"],
  ConnectionReset: [Reason.ConnectionReset(), "ConnectionReset", "Reconnect"],
  AddressInUse: [Reason.AddressInUse(), "AddressInUse", "FixTheEnvironment"],
  AddressNotAvailable: [Reason.AddressNotAvailable(), "AddressNotAvailable", "FixTheEnvironment"],
  HostUnreachable: [Reason.HostUnreachable(), "HostUnreachable", "RetryLater"],
  TimedOut: [Reason.TimedOut(), "TimedOut", "RetryLater"],
  NameNotFound: [Reason.NameNotFound(), "NameNotFound", "FixTheEnvironment"],
  NoData: [Reason.NoData(), "NoData", "FixTheEnvironment"],
  TemporaryFailure: [Reason.TemporaryFailure(), "TemporaryFailure", "RetryLater"],
  ServerFailure: [
    Reason.ServerFailure({ code: "SERVFAIL" }),
    "ServerFailure (SERVFAIL)",
    "RetryLater"
  ],
  QueryRefused: [Reason.QueryRefused(), "QueryRefused", "FixTheEnvironment"],
  MalformedResponse: [
    Reason.MalformedResponse({ problem: "no question" }),
    "MalformedResponse (no question)",
    "RetryLater"
  ],
  NotFound: [Reason.NotFound(), "NotFound", "FixTheEnvironment"],
  NotADirectory: [Reason.NotADirectory(), "NotADirectory", "FixTheEnvironment"],
  IsADirectory: [Reason.IsADirectory(), "IsADirectory", "FixTheEnvironment"],
  NotEmpty: [Reason.NotEmpty(), "NotEmpty", "FixTheEnvironment"],
  SymlinkLoop: [Reason.SymlinkLoop(), "SymlinkLoop", "FixTheEnvironment"],
  NameTooLong: [Reason.NameTooLong(), "NameTooLong", "FixTheCall"],
  CrossDevice: [Reason.CrossDevice(), "CrossDevice", "FixTheCall"],
  DeviceError: [Reason.DeviceError(), "DeviceError", "FixTheEnvironment"],
  FileTooLarge: [Reason.FileTooLarge(), "FileTooLarge", "FixTheEnvironment"],
  NotASocket: [Reason.NotASocket(), "NotASocket", "FixTheEnvironment"],
  AlreadyExists: [Reason.AlreadyExists(), "AlreadyExists", "FixTheEnvironment"],
  PermissionDenied: [Reason.PermissionDenied(), "PermissionDenied", "FixTheEnvironment"],
  NoSpace: [Reason.NoSpace(), "NoSpace", "FixTheEnvironment"],
  ResourceExhausted: [
    Reason.ResourceExhausted({ resource: "memory" }),
    "ResourceExhausted (memory)",
    "RetryLater"
  ],
  MessageTooLarge: [
    Reason.MessageTooLarge({ bytesMax: 9 }),
    "MessageTooLarge (at most 9 bytes)",
    "FixTheCall"
  ],
  LimitExceeded: [
    Reason.LimitExceeded({ argument: "bytesMax", bytesMax: 9 }),
    "LimitExceeded (bytesMax: at most 9 bytes)",
    "Reconnect"
  ],
  UnexpectedEnd: [
    Reason.UnexpectedEnd({ bytesExpected: 9, bytesAvailable: 4 }),
    "UnexpectedEnd (4 of 9 bytes)",
    "Reconnect"
  ],
  CertificateUntrusted: [
    Reason.CertificateUntrusted({ code: "SELF_SIGNED" }),
    "CertificateUntrusted (SELF_SIGNED)",
    "FixTheEnvironment"
  ],
  CertificateNameMismatch: [
    Reason.CertificateNameMismatch({ serverName: "a.test", names: ["b.test", "c.test"] }),
    "CertificateNameMismatch (a.test is none of b.test, c.test)",
    "FixTheEnvironment"
  ],
  CertificateExpired: [Reason.CertificateExpired(), "CertificateExpired", "FixTheEnvironment"],
  CertificateNotYetValid: [
    Reason.CertificateNotYetValid(),
    "CertificateNotYetValid",
    "FixTheEnvironment"
  ],
  CertificateRequired: [Reason.CertificateRequired(), "CertificateRequired", "FixTheCall"],
  NoApplicationProtocol: [Reason.NoApplicationProtocol(), "NoApplicationProtocol", "FixTheCall"],
  NotTls: [Reason.NotTls(), "NotTls", "FixTheCall"],
  HandshakeEnded: [Reason.HandshakeEnded(), "HandshakeEnded", "Reconnect"],
  HandshakeFailed: [
    Reason.HandshakeFailed({ code: "UNSUPPORTED_PROTOCOL" }),
    "HandshakeFailed (UNSUPPORTED_PROTOCOL)",
    "FixTheEnvironment"
  ],
  MissingCloseNotify: [Reason.MissingCloseNotify(), "MissingCloseNotify", "Reconnect"],
  Closed: [Reason.Closed(), "Closed", "OrderYourSteps"],
  Broken: [Reason.Broken(), "Broken", "Reconnect"],
  Busy: [Reason.Busy(), "Busy", "OrderYourSteps"],
  Unsupported: [
    Reason.Unsupported({ capability: "reusePort", backend: "moon" }),
    "Unsupported (reusePort on the moon backend)",
    "FixTheCall"
  ],
  InvalidArgument: [
    Reason.InvalidArgument({ argument: "port", bound: "an integer from 1 to 2", value: "3" }),
    "InvalidArgument (port must be an integer from 1 to 2: 3)",
    "FixTheCall"
  ],
  Unknown: [Reason.Unknown({ code: "EODD" }), "Unknown (EODD)", "Report"]
}

describe.each(Object.entries(samples))("%s", (tag, [reason, line, remedy]) => {
  it("is shown with its facts, and has a remedy", () => {
    expect(reason._tag).toBe(tag)
    expect(format(reason)).toBe(line)
    expect(Remedy.of(reason)).toBe(remedy)
  })

  it("is in an error's message, behind the operation and the address", () => {
    const operation = "Tcp.connect"
    const address = "tcp://127.0.0.1:80"
    expect(new IoError({ operation, reason }).message).toBe(`Tcp.connect: ${line}`)
    expect(new IoError({ operation, reason, address }).message).toBe(
      `Tcp.connect tcp://127.0.0.1:80: ${line}`
    )
  })
})

it("the table of remedies lists every reason once", () => {
  expect(Remedy.table.map(([tag]) => tag).toSorted()).toEqual(Object.keys(samples).toSorted())
  for (const [tag, remedy] of Remedy.table) expect(remedy).toBe(samples[tag][2])
})

it("an IoError is known by its class, and by its reason where one is named", () => {
  const error = new IoError({ operation: "TcpStream.read", reason: Reason.Closed() })
  expect(isIoError(error)).toBe(true)
  expect(isIoError(error, "Closed")).toBe(true)
  expect(isIoError(error, "Broken")).toBe(false)
  expect(isIoError({ _tag: "IoError", reason: Reason.Closed() })).toBe(false)
  expect(isIoError(undefined)).toBe(false)
})
