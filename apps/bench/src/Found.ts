/** What the machine has: programs and headers that some contestants and measurements need. */
import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"

const isAt = (path: string, mode: number): boolean => {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

/** Whether a shell would find it, or root's. */
export const isInstalled = (program: string): boolean =>
  `${process.env["PATH"] ?? ""}${delimiter}/usr/sbin`
    .split(delimiter)
    .some((folder) => isAt(join(folder, program), constants.X_OK))

export const isReadable = (path: string): boolean => isAt(path, constants.R_OK)
