/** What this process holds that core cannot see: descriptors of sockets, and timers. */
import * as fs from "node:fs"

const target = (descriptor: string): string => {
  try {
    return fs.readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    // The descriptor that lists the folder is closed by now.
    return ""
  }
}

/** `socket:[4711]` for each; none where `/proc` is missing. */
const sockets = (): ReadonlyArray<string> => {
  if (!fs.existsSync("/proc/self/fd")) return []
  return fs
    .readdirSync("/proc/self/fd")
    .map(target)
    .filter((name) => name.startsWith("socket:"))
}

/** `Timeout #1`, … for each timer that keeps the process alive; none on Bun, which lists none. */
const timers = (): ReadonlyArray<string> =>
  process
    .getActiveResourcesInfo()
    .filter((kind) => kind === "Timeout")
    .map((kind, index) => `${kind} #${index + 1}`)

export const resources = (): ReadonlyArray<string> => [...sockets(), ...timers()]

const turnsMax = 1_000

/** Waits until nothing is held that was not before; gives what stays. */
export const leaked = async (before: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  let left: ReadonlyArray<string> = []
  for (let turn = 0; turn < turnsMax; turn++) {
    left = resources().filter((resource) => !before.includes(resource))
    if (left.length === 0) return left
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  return left
}
