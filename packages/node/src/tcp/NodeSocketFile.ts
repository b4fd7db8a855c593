/**
 * The file that a Unix listener leaves in the file system. Bun's sockets share all of this.
 */
import { lstatSync, unlinkSync } from "node:fs"
import { PortFailure } from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"
import { failureOf } from "../NodeErrno.ts"

/** Bytes of a path: sun_path without its closing NUL. */
export const pathBytesMax = (platform: NodeJS.Platform): number =>
  platform === "linux" ? 107 : 103

/**
 * Runs `bind` so that the file it makes has these permission bits from its first instant.
 *
 * `bind` makes the file with 0777 less the umask, and a later chmod would leave a moment in which
 * anyone may connect. The umask belongs to the whole process, so it is changed only around a call
 * that does not return to the loop. (In a worker thread it cannot be changed: the capability
 * `unixMode` is false there.)
 */
export const withMode = <A>(mode: number | undefined, bind: () => A): A => {
  if (mode === undefined) return bind()
  const before = process.umask(0o777 & ~mode)
  try {
    return bind()
  } finally {
    process.umask(before)
  }
}

/** `TcpPort.unlink`. A plain file refuses a connect like a dead socket: no licence to remove it. */
export const unlink = (path: string): void | PortFailure => {
  try {
    if (!lstatSync(path).isSocket()) return new PortFailure(Reason.NotASocket())
    return unlinkSync(path)
  } catch (error) {
    const failure = failureOf(error)
    return failure.reason._tag === "NotFound" ? undefined : failure
  }
}
