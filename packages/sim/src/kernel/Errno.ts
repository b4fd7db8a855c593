/**
 * What the kernel answers when it refuses: the code it has on Linux, and the reason that becomes of
 * it. The only place that knows either.
 */
import { PortFailure } from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"

const table = {
  addressInUse: ["EADDRINUSE", Reason.AddressInUse()],
  addressNotAvailable: ["EADDRNOTAVAIL", Reason.AddressNotAvailable()],
  alreadyExists: ["EEXIST", Reason.AlreadyExists()],
  backlogFull: ["EAGAIN", Reason.ResourceExhausted({ resource: "listen backlog" })],
  badDescriptor: ["EBADF", Reason.PermissionDenied()],
  brokenPipe: ["EPIPE", Reason.Broken()],
  busy: ["EBUSY", Reason.Unknown({ code: "EBUSY" })],
  connectionRefused: ["ECONNREFUSED", Reason.ConnectionRefused()],
  connectionReset: ["ECONNRESET", Reason.ConnectionReset()],
  descriptorsUsedUp: [
    "EMFILE",
    Reason.ResourceExhausted({ resource: "file descriptors of the process" })
  ],
  deviceError: ["EIO", Reason.DeviceError()],
  fileTooLarge: ["EFBIG", Reason.FileTooLarge()],
  hostUnreachable: ["EHOSTUNREACH", Reason.HostUnreachable()],
  groupsUsedUp: [
    "ENOBUFS",
    Reason.ResourceExhausted({ resource: "multicast groups of the socket" })
  ],
  hostDescriptorsUsedUp: [
    "ENFILE",
    Reason.ResourceExhausted({ resource: "file descriptors of the host" })
  ],
  invalidArgument: ["EINVAL", Reason.Unknown({ code: "EINVAL" })],
  isADirectory: ["EISDIR", Reason.IsADirectory()],
  messageTooLarge: ["EMSGSIZE", Reason.MessageTooLarge({ bytesMax: 65_507 })],
  nameTooLong: ["ENAMETOOLONG", Reason.NameTooLong()],
  networkUnreachable: ["ENETUNREACH", Reason.HostUnreachable()],
  noSuchDevice: ["ENXIO", Reason.Unknown({ code: "ENXIO" })],
  noSpace: ["ENOSPC", Reason.NoSpace()],
  notADirectory: ["ENOTDIR", Reason.NotADirectory()],
  notASocket: ["ENOTSOCK", Reason.NotASocket()],
  notEmpty: ["ENOTEMPTY", Reason.NotEmpty()],
  notFound: ["ENOENT", Reason.NotFound()],
  notPermitted: ["EPERM", Reason.PermissionDenied()],
  permissionDenied: ["EACCES", Reason.PermissionDenied()],
  quotaExceeded: ["EDQUOT", Reason.NoSpace()],
  symlinkLoop: ["ELOOP", Reason.SymlinkLoop()],
  timedOut: ["ETIMEDOUT", Reason.TimedOut()],
  wouldBlock: ["EWOULDBLOCK", Reason.Busy()]
} as const satisfies { readonly [errno: string]: readonly [code: string, Reason] }

export type Errno = keyof typeof table

const ofFiles: { readonly [errno in Errno]?: Reason } = {
  busy: Reason.Busy(),
  invalidArgument: Reason.InvalidArgument({
    argument: "path",
    bound: "of a kind that takes this",
    value: "EINVAL"
  })
}

/** As `failure`, where a code means something else of files than of sockets. */
export const fileFailure = (errno: Errno, syscall: string): PortFailure => {
  const { cause, reason } = failure(errno, syscall)
  return new PortFailure(ofFiles[errno] ?? reason, cause)
}

/** The failure a port answers with; its cause is the code and the system call. */
export const failure = (errno: Errno, syscall: string): PortFailure => {
  const [code, reason] = table[errno]
  return new PortFailure(reason, { code, syscall })
}
