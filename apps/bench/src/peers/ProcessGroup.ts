/**
 * What a group of processes uses, as the kernel counts it: for servers that are several.
 *
 * CPU time is the sum of what each thread ran, in nanoseconds; how it divides into user and system
 * comes in ticks of 10 ms and is left out. Memory is the proportional set: a page that several
 * share counts once.
 */
import { readdirSync, readFileSync } from "node:fs"
import type { Usage } from "../Usage.ts"

const nanosPerMicro = 1_000
const bytesPerKib = 1_024

/** Undefined when the process ended meanwhile. */
const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return undefined
  }
}

const numbered = (folder: string): ReadonlyArray<number> => {
  try {
    return readdirSync(folder).map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

/** What follows the name, which is in parentheses, begins with the third field. */
const statOf = (id: number): ReadonlyArray<string> =>
  (read(`/proc/${id}/stat`) ?? "").replace(/^.*\) /s, "").split(" ")

export const membersOf = (group: number): ReadonlyArray<number> =>
  numbered("/proc").filter((id) => Number(statOf(id)[2]) === group)

const sum = (values: ReadonlyArray<number>): number => values.reduce((all, one) => all + one, 0)

const microsRun = (task: string): number =>
  Number((read(`${task}/schedstat`) ?? "0").split(" ")[0]) / nanosPerMicro

const switchesOf = (task: string): number =>
  sum(
    [...(read(`${task}/status`) ?? "").matchAll(/^(?:non)?voluntary_ctxt_switches:\s*(\d+)/gm)].map(
      ([, count]) => Number(count)
    )
  )

const proportional = (id: number): number =>
  Number(/^Pss:\s*(\d+)/m.exec(read(`/proc/${id}/smaps_rollup`) ?? "")?.[1] ?? 0) * bytesPerKib

const tasksOf = (id: number): ReadonlyArray<string> =>
  numbered(`/proc/${id}/task`).map((task) => `/proc/${id}/task/${task}`)

/** CPU time of the threads that the process has now. */
export const microsOf = (id: number): number => sum(tasksOf(id).map(microsRun))

export const usageOf = (group: number): Usage => {
  const processes = membersOf(group)
  const tasks = processes.flatMap(tasksOf)
  const micros = sum(tasks.map(microsRun))
  return {
    userMicros: micros,
    systemMicros: 0,
    isUndivided: true,
    residentBytes: sum(processes.map(proportional)),
    contextSwitches: sum(tasks.map(switchesOf)),
    processes
  }
}
