/** Sockets that this process holds, where the host shows them: Linux. */
import * as fs from "node:fs"

const target = (descriptor: string): string => {
  try {
    return fs.readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    // The descriptor that lists the folder is closed by now.
    return ""
  }
}

/** `socket:[4711]` for each; nothing where `/proc` is missing. */
export const sockets = (): ReadonlyArray<string> => {
  if (!fs.existsSync("/proc/self/fd")) return []
  return fs
    .readdirSync("/proc/self/fd")
    .map(target)
    .filter((name) => name.startsWith("socket:"))
}

const turnsMax = 1_000

/** Waits until no socket is open that was not before; gives those that stay. */
export const leaked = async (before: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  let left: ReadonlyArray<string> = []
  for (let turn = 0; turn < turnsMax; turn++) {
    left = sockets().filter((socket) => !before.includes(socket))
    if (left.length === 0) return left
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  return left
}
