/**
 * What Linux says of a process in /proc.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs"

export const isHere = existsSync("/proc/self/fd")

export const descriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length

export const hasOpen = (pid: number, path: string): boolean => {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).some((name) => {
    try {
      return readlinkSync(`${folder}/${name}`) === path
    } catch {
      // It was closed in the meantime.
      return false
    }
  })
}

/** Resident memory in bytes. */
export const memoryBytes = (pid: number): number => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8")
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) * 1024
}

/** The processes that it started and that still run. */
export const children = (pid: number): ReadonlyArray<number> =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number)

export const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}`)

/** CPU time of all threads, in hundredths of a second. */
export const cpuTicks = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ")
  return Number(fields[11]) + Number(fields[12])
}

/** How often the main thread began to wait: each time that it was woken, it does so again. */
export const mainThreadWaits = (pid: number): number => {
  const status = readFileSync(`/proc/${pid}/task/${pid}/status`, "utf8")
  return Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(status)![1])
}

/** What the kernel holds for the IPv4 socket on this port, and how many datagrams it dropped. */
export const udpSocket = (port: number): { readonly bytesQueued: number; drops: number } => {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`
  const rows = readFileSync("/proc/net/udp", "utf8").split("\n")
  const fields = rows.map((row) => row.trim().split(/ +/)).find((row) => row[1]?.endsWith(local))!
  return {
    bytesQueued: Number.parseInt(fields[4]!.split(":")[1]!, 16),
    drops: Number(fields.at(-1))
  }
}
