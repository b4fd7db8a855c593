/** Core's failures as those of Effect's datagram sockets, as platform-node has them. */
import type { IoError } from "@portico/core/IoError"
import type { Reason } from "@portico/core/Reason"
import {
  DatagramSocketClosedError,
  DatagramSocketError,
  DatagramSocketOpenError,
  DatagramSocketReadError,
  DatagramSocketWriteError,
  type IoErrorKind
} from "effect/socket/DatagramSocket"
import { hostCause } from "./socketError.ts"

const kindOf = ({ _tag }: Reason): IoErrorKind => {
  switch (_tag) {
    case "MessageTooLarge":
    case "ConnectionRefused":
    case "PermissionDenied":
      return _tag
    case "HostUnreachable":
      return "Unreachable"
    default:
      return "Unknown"
  }
}

export const openError = (error: IoError): DatagramSocketError => {
  const { _tag } = error.reason
  const isKnown =
    _tag === "AddressInUse" || _tag === "AddressNotAvailable" || _tag === "PermissionDenied"
  const kind = isKnown ? _tag : "Unknown"
  return new DatagramSocketError({
    reason: new DatagramSocketOpenError({ kind, cause: hostCause(error) })
  })
}

/** The name of an endpoint has no address that could be had. */
export const nameError = (error: IoError): DatagramSocketError =>
  new DatagramSocketError({
    reason: new DatagramSocketOpenError({ kind: "AddressNotAvailable", cause: hostCause(error) })
  })

export const readError = (error: IoError): DatagramSocketError =>
  new DatagramSocketError({
    reason: new DatagramSocketReadError({ kind: kindOf(error.reason), cause: hostCause(error) })
  })

export const writeError = (error: IoError): DatagramSocketError =>
  new DatagramSocketError({
    reason:
      error.reason._tag === "Closed"
        ? new DatagramSocketClosedError()
        : new DatagramSocketWriteError({ kind: kindOf(error.reason), cause: hostCause(error) })
  })
