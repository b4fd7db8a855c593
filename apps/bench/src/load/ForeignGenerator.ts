/** A load generator that is not ours, run once: what it printed, and what CPU it took. */
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"

const cpuPeriodMillis = 50
const millisPerTick = 10

/** Milliseconds of CPU that a process has used (proc(5)). */
const cpuOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ")
  return (Number(stat[11]) + Number(stat[12])) * millisPerTick
}

/** Its CPU as of 50 ms before its end at most: of a process that has ended nobody tells. */
export const run = async (command: string, options: ReadonlyArray<string>) => {
  const child = spawn(command, options, { stdio: ["ignore", "pipe", "inherit"] })
  process.once("exit", () => child.kill("SIGKILL"))
  let cpuMillis = 0
  const watch = setInterval(() => {
    if (child.exitCode === null) cpuMillis = cpuOf(child.pid!)
  }, cpuPeriodMillis)
  let text = ""
  for await (const chunk of child.stdout) text += String(chunk)
  clearInterval(watch)
  return { text, cpuMillis }
}
