/**
 * Platform error codes, translated: the only file of this package that knows any. Bun's errors
 * carry the same codes.
 *
 * `cause` keeps the host's error itself, for people.
 */
import { getSystemErrorName } from "node:util"
import { PortFailure } from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"

const exhausted = (resource: string) => () => Reason.ResourceExhausted({ resource })

const reasons: ReadonlyMap<string, () => Reason> = new Map<string, () => Reason>([
  ["EACCES", Reason.PermissionDenied],
  ["EADDRINUSE", Reason.AddressInUse],
  ["EADDRNOTAVAIL", Reason.AddressNotAvailable],
  // A host without IPv6 has no IPv6 address to offer.
  ["EAFNOSUPPORT", Reason.AddressNotAvailable],
  // Linux, Unix sockets: the listener's backlog is full, and a connect does not wait for it.
  ["EAGAIN", exhausted("listen backlog")],
  ["EAI_AGAIN", Reason.TemporaryFailure],
  ["EAI_FAIL", () => Reason.ServerFailure({ code: "EAI_FAIL" })],
  ["EAI_MEMORY", exhausted("memory")],
  ["ECONNABORTED", Reason.ConnectionReset],
  ["ECONNREFUSED", Reason.ConnectionRefused],
  ["ECONNRESET", Reason.ConnectionReset],
  ["EDQUOT", Reason.NoSpace],
  ["EEXIST", Reason.AlreadyExists],
  ["EFBIG", Reason.FileTooLarge],
  ["EHOSTDOWN", Reason.HostUnreachable],
  ["EHOSTUNREACH", Reason.HostUnreachable],
  ["EIO", Reason.DeviceError],
  ["EISDIR", Reason.IsADirectory],
  ["ELOOP", Reason.SymlinkLoop],
  ["EMFILE", exhausted("file descriptors of the process")],
  ["ENAMETOOLONG", Reason.NameTooLong],
  ["ENETDOWN", Reason.HostUnreachable],
  ["ENETUNREACH", Reason.HostUnreachable],
  ["ENFILE", exhausted("file descriptors of the host")],
  ["ENOBUFS", exhausted("socket buffers")],
  // Multicast: there is no such interface.
  ["ENODEV", Reason.AddressNotAvailable],
  ["ENODATA", Reason.NoData],
  ["ENOENT", Reason.NotFound],
  ["ENOMEM", exhausted("memory")],
  ["ENOSPC", Reason.NoSpace],
  ["ENOTDIR", Reason.NotADirectory],
  ["ENOTEMPTY", Reason.NotEmpty],
  ["ENOTFOUND", Reason.NameNotFound],
  ["ENOTSOCK", Reason.NotASocket],
  ["EPERM", Reason.PermissionDenied],
  ["EPIPE", Reason.Broken],
  ["EROFS", Reason.PermissionDenied],
  ["ETIMEDOUT", Reason.TimedOut],
  ["EXDEV", Reason.CrossDevice]
])

const codeOf = (error: unknown): string => {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code
  return typeof code === "string" ? code : "no code"
}

/** The failure that `error`, thrown or reported by the host, stands for. */
export const failureOf = (error: unknown): PortFailure => {
  const code = codeOf(error)
  return new PortFailure(reasons.get(code)?.() ?? Reason.Unknown({ code }), error)
}

/** What a system call takes that refuses its argument (EINVAL). */
const takes: ReadonlyMap<unknown, readonly [argument: string, bound: string]> = new Map([
  ["readlink", ["path", "a symbolic link"]],
  ["rename", ["to", "outside of what is renamed"]]
])

const invalid = (error: unknown): Reason => {
  const { path, syscall } = error as { readonly path?: string; readonly syscall?: unknown }
  const [argument, bound] = takes.get(syscall) ?? ["path", "of a kind that takes this"]
  return Reason.InvalidArgument({ argument, bound, value: path ?? codeOf(error) })
}

/** Codes that mean something else of files than of sockets, or come of files alone. */
const fileReasons = new Map<string, (error: unknown) => Reason>([
  // A descriptor that does not wait and would have to.
  ["EAGAIN", () => Reason.Busy()],
  // Core asks nothing of what it has closed: another did.
  ["EBADF", () => Reason.Broken()],
  ["EBUSY", () => Reason.Busy()],
  ["EINVAL", invalid],
  ["EMLINK", exhausted("links of the file")],
  // A device file without its device, or a socket.
  ["ENODEV", () => Reason.NotFound()],
  ["ENXIO", () => Reason.NotFound()],
  ["EOVERFLOW", () => Reason.FileTooLarge()],
  ["ESPIPE", invalid],
  // A length or a time that the host's own code refuses.
  ["ERR_OUT_OF_RANGE", () => Reason.FileTooLarge()],
  // NFS: the file is gone from the server.
  ["ESTALE", () => Reason.Broken()],
  ["ETXTBSY", () => Reason.Busy()]
])

/** A file has more bytes than the caller takes. */
export const tooLarge = (): object => ({ code: "EFBIG" })

/** Why something was not done with a file. */
export const fileFailure = (error: unknown): PortFailure => {
  const reason = fileReasons.get(codeOf(error))
  return reason === undefined ? failureOf(error) : new PortFailure(reason(error), error)
}

const statusError = (status: number) => ({ code: getSystemErrorName(status) })

/** The failure that a negative libuv status stands for. */
export const statusFailure = (status: number): PortFailure => failureOf(statusError(status))

/** Why a datagram of this length was not sent: a libuv status, or what was thrown. */
export const sendFailure = (status: unknown, bytesSent: number): PortFailure => {
  const error = typeof status === "number" ? statusError(status) : status
  // What the path takes the host does not say: less than this.
  return codeOf(error) === "EMSGSIZE"
    ? new PortFailure(Reason.MessageTooLarge({ bytesMax: bytesSent - 1 }), error)
    : failureOf(error)
}

/** Why a multicast group was not joined or left: a host limits how many a socket may join. */
export const membershipFailure = (error: unknown): PortFailure =>
  codeOf(error) === "ENOBUFS"
    ? new PortFailure(exhausted("multicast groups of the socket")(), error)
    : failureOf(error)

/** No interface has this address, or there is none of this name. */
export const noInterface = (): PortFailure => new PortFailure(Reason.AddressNotAvailable())

/** The socket is gone and the host gave no error: what a write would have met (EPIPE). */
export const brokenPipe = (): PortFailure => new PortFailure(Reason.Broken())

/** Why a directory is not watched: a user has so many watches, and a process so many queues. */
export const watchFailure = (error: unknown): PortFailure => {
  const code = codeOf(error)
  if (code === "ENOSPC") return new PortFailure(exhausted("watches of the user (inotify)")(), error)
  return code === "EMFILE"
    ? new PortFailure(exhausted("watch queues of the user (inotify), or descriptors")(), error)
    : failureOf(error)
}
