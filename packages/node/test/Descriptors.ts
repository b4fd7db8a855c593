/** The sockets that this process has open, as the kernel lists them (Linux). */
import { readdirSync, readlinkSync } from "node:fs"

export const socketsOpen = (): number =>
  readdirSync("/proc/self/fd").filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith("socket:")
    } catch {
      return false
    }
  }).length
