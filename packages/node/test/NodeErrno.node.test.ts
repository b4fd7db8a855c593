import { readFileSync } from "node:fs"
import { constants } from "node:os"
import { expect, it } from "vitest"
import {
  brokenPipe,
  failureOf,
  membershipFailure,
  sendFailure,
  statusFailure
} from "../src/NodeErrno.ts"

const failed = (code: string) => Object.assign(new Error(code), { code })

/** What every code means, in the nouns of the field; a resource is named where one ran out. */
const meanings: { readonly [code: string]: object } = {
  EACCES: { _tag: "PermissionDenied" },
  EADDRINUSE: { _tag: "AddressInUse" },
  EADDRNOTAVAIL: { _tag: "AddressNotAvailable" },
  EAFNOSUPPORT: { _tag: "AddressNotAvailable" },
  EAGAIN: { _tag: "ResourceExhausted", resource: "listen backlog" },
  EAI_AGAIN: { _tag: "TemporaryFailure" },
  EAI_FAIL: { _tag: "ServerFailure", code: "EAI_FAIL" },
  EAI_MEMORY: { _tag: "ResourceExhausted", resource: "memory" },
  ECONNABORTED: { _tag: "ConnectionReset" },
  ECONNREFUSED: { _tag: "ConnectionRefused" },
  ECONNRESET: { _tag: "ConnectionReset" },
  EDQUOT: { _tag: "NoSpace" },
  EEXIST: { _tag: "AlreadyExists" },
  EFBIG: { _tag: "FileTooLarge" },
  EHOSTDOWN: { _tag: "HostUnreachable" },
  EHOSTUNREACH: { _tag: "HostUnreachable" },
  EIO: { _tag: "DeviceError" },
  EISDIR: { _tag: "IsADirectory" },
  ELOOP: { _tag: "SymlinkLoop" },
  EMFILE: { _tag: "ResourceExhausted", resource: "file descriptors of the process" },
  ENAMETOOLONG: { _tag: "NameTooLong" },
  ENETDOWN: { _tag: "HostUnreachable" },
  ENETUNREACH: { _tag: "HostUnreachable" },
  ENFILE: { _tag: "ResourceExhausted", resource: "file descriptors of the host" },
  ENOBUFS: { _tag: "ResourceExhausted", resource: "socket buffers" },
  ENODATA: { _tag: "NoData" },
  ENODEV: { _tag: "AddressNotAvailable" },
  ENOENT: { _tag: "NotFound" },
  ENOMEM: { _tag: "ResourceExhausted", resource: "memory" },
  ENOSPC: { _tag: "NoSpace" },
  ENOTDIR: { _tag: "NotADirectory" },
  ENOTEMPTY: { _tag: "NotEmpty" },
  ENOTFOUND: { _tag: "NameNotFound" },
  ENOTSOCK: { _tag: "NotASocket" },
  EPERM: { _tag: "PermissionDenied" },
  EPIPE: { _tag: "Broken" },
  EROFS: { _tag: "PermissionDenied" },
  ETIMEDOUT: { _tag: "TimedOut" },
  EXDEV: { _tag: "CrossDevice" }
}

it.each(Object.entries(meanings))(
  "%s has its noun, and the error stays as the cause",
  (code, noun) => {
    const error = failed(code)
    const { cause, reason } = failureOf(error)
    expect({ ...reason }).toEqual(noun)
    expect(cause).toBe(error)
  }
)

it("every code that the package translates is in the table above", () => {
  const all = readFileSync(new URL("../src/NodeErrno.ts", import.meta.url), "utf8")
  // What files say otherwise is held by `file/NodeFiles.test.ts`.
  const [source] = all.split("fileReasons = ") as [string]
  const translated = [...source.matchAll(/\["(E\w+)"/g)].map(([, code]) => code)
  expect(new Set(translated)).toEqual(new Set(Object.keys(meanings)))
})

it("a code that is not translated is kept, and so is the lack of one", () => {
  const untranslated = Object.keys(constants.errno).filter((code) => !(code in meanings))
  expect(untranslated.length).toBeGreaterThan(20)
  for (const code of [...untranslated, "EODD", "toString", "constructor", ""]) {
    expect({ ...failureOf(failed(code)).reason }).toEqual({ _tag: "Unknown", code })
  }
  for (const error of [undefined, null, "EPIPE", {}, { code: 32 }, new Error("EPIPE")]) {
    expect({ ...failureOf(error).reason }).toEqual({ _tag: "Unknown", code: "no code" })
  }
})

it("a status of libuv means what its name means", () => {
  expect(statusFailure(-constants.errno.EMFILE)).toEqual(failureOf({ code: "EMFILE" }))
  expect(statusFailure(-constants.errno.ECONNABORTED).reason._tag).toBe("ConnectionReset")
  expect(statusFailure(-100_000).reason._tag).toBe("Unknown")
})

it("a datagram that is too long is told how long one may be at most, as far as is known", () => {
  const tooLarge = { _tag: "MessageTooLarge", bytesMax: 1_399 }
  expect({ ...sendFailure(failed("EMSGSIZE"), 1_400).reason }).toEqual(tooLarge)
  expect({ ...sendFailure(-constants.errno.EMSGSIZE, 1_400).reason }).toEqual(tooLarge)
  expect(sendFailure(-constants.errno.EACCES, 1_400).reason._tag).toBe("PermissionDenied")
})

it("a group too many is named as what ran out", () => {
  expect({ ...membershipFailure(failed("ENOBUFS")).reason }).toEqual({
    _tag: "ResourceExhausted",
    resource: "multicast groups of the socket"
  })
  expect(membershipFailure(failed("ENODEV")).reason._tag).toBe("AddressNotAvailable")
})

it("a socket that is gone without an error is Broken, without a cause", () => {
  expect(brokenPipe()).toMatchObject({ reason: { _tag: "Broken" }, cause: undefined })
})
