/** What this process holds that core cannot see: descriptors of sockets and files, and timers. */
import * as fs from "node:fs"
import * as os from "node:os"

const target = (descriptor: string): string => {
  try {
    return fs.readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    // The descriptor that lists the folder is closed by now.
    return ""
  }
}

/** What laws open is a socket, or stands below here; what the host itself opens does not. */
const ofLaws = ["socket:", `${os.tmpdir()}/`, "/dev/shm/", "/dev/full"]

/** `socket:[4711]` or `/tmp/a` for each; none where `/proc` is missing. */
const descriptors = (): ReadonlyArray<string> => {
  if (!fs.existsSync("/proc/self/fd")) return []
  return fs
    .readdirSync("/proc/self/fd")
    .map((descriptor) => ({ descriptor, name: target(descriptor) }))
    .filter(({ name }) => ofLaws.some((start) => name.startsWith(start)))
    .map(({ descriptor, name }) => (name.startsWith("/") ? `${name} (${descriptor})` : name))
}

/** `Timeout #1`, … for each timer that keeps the process alive; none on Bun, which lists none. */
const timers = (): ReadonlyArray<string> =>
  process
    .getActiveResourcesInfo()
    .filter((kind) => kind === "Timeout")
    .map((kind, index) => `${kind} #${index + 1}`)

export const resources = (): ReadonlyArray<string> => [...descriptors(), ...timers()]

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
