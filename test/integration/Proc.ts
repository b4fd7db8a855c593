/**
 * What Linux says of a process in /proc.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs"

export const isHere = existsSync("/proc/self/fd")

export const descriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length

/** Resident memory in bytes. */
export const memoryBytes = (pid: number): number => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8")
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) * 1024
}

/** The processes that it started and that still run. */
export const children = (pid: number): ReadonlyArray<number> =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number)

export const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}`)
