/**
 * The reset that an end may hide.
 *
 * Where a hangup comes with a socket's last bytes, libuv before 1.52 (Node 22, early 24) reports an
 * end without reading again (libuv#4997): a connection that was reset in the middle of a message
 * seems to have ended well. One read more tells: it gives 0 bytes at an end, and ECONNRESET behind
 * a reset.
 */
import { readSync } from "node:fs"
import type { Socket } from "node:net"
import { PortFailure } from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"
import { failureOf } from "../NodeErrno.ts"

const byte = new Uint8Array(1)

/** What is behind the end that the socket was told just now: undefined if nothing is. */
export const resetBehindEnd = (socket: Socket): PortFailure | undefined => {
  // Undocumented, and not there on Windows.
  const { _handle } = socket as unknown as { readonly _handle: { readonly fd?: number } | null }
  const descriptor = _handle?.fd
  if (descriptor === undefined || descriptor < 0) return undefined
  try {
    // A byte would belong to a message: then this is no end, but the stream has ended for Node.
    return readSync(descriptor, byte) === 0 ? undefined : new PortFailure(Reason.Broken())
  } catch (error) {
    const failure = failureOf(error)
    return failure.reason._tag === "ConnectionReset" ? failure : undefined
  }
}
