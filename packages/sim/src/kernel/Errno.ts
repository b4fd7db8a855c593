/**
 * What the kernel answers when it refuses: the code it has on Linux, and the reason that becomes of
 * it. The only place that knows either.
 */
import { PortFailure } from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"

const table = {
  addressInUse: ["EADDRINUSE", Reason.AddressInUse()],
  addressNotAvailable: ["EADDRNOTAVAIL", Reason.AddressNotAvailable()],
  backlogFull: ["EAGAIN", Reason.ResourceExhausted({ resource: "listen backlog" })],
  brokenPipe: ["EPIPE", Reason.Broken()],
  connectionRefused: ["ECONNREFUSED", Reason.ConnectionRefused()],
  connectionReset: ["ECONNRESET", Reason.ConnectionReset()],
  descriptorsUsedUp: [
    "EMFILE",
    Reason.ResourceExhausted({ resource: "file descriptors of the process" })
  ],
  groupsUsedUp: [
    "ENOBUFS",
    Reason.ResourceExhausted({ resource: "multicast groups of the socket" })
  ],
  invalidArgument: ["EINVAL", Reason.Unknown({ code: "EINVAL" })],
  messageTooLarge: ["EMSGSIZE", Reason.MessageTooLarge({ bytesMax: 65_507 })],
  nameTooLong: ["ENAMETOOLONG", Reason.Unknown({ code: "ENAMETOOLONG" })],
  networkUnreachable: ["ENETUNREACH", Reason.HostUnreachable()],
  notASocket: ["ENOTSOCK", Reason.NotASocket()],
  notFound: ["ENOENT", Reason.NotFound()],
  permissionDenied: ["EACCES", Reason.PermissionDenied()],
  timedOut: ["ETIMEDOUT", Reason.TimedOut()]
} as const satisfies { readonly [errno: string]: readonly [code: string, Reason] }

export type Errno = keyof typeof table

/** The failure a port answers with; its cause is the code and the system call. */
export const failure = (errno: Errno, syscall: string): PortFailure => {
  const [code, reason] = table[errno]
  return new PortFailure(reason, { code, syscall })
}
