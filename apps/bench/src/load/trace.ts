/**
 * Counts the system calls of processes, all their threads together, with `strace`: says `ready`
 * when it is attached; told to go, it detaches and says `done` with the number.
 *
 * The kernel stops the traced thread twice at each call, so nothing else may be measured meanwhile.
 */
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import * as Line from "../Line.ts"

const processes: ReadonlyArray<number> = JSON.parse(process.argv[2]!)

/** The row of the sum: share, seconds, microseconds a call, calls, errors where there are some. */
const totalOf = (summary: string): number | undefined => {
  const calls = /^\s*100\.00\s+\S+\s+\S+\s+(\d+)\s.*\btotal$/m.exec(summary)?.[1]
  return calls === undefined ? undefined : Number(calls)
}

const strace = spawn("strace", ["-f", "-c", ...processes.flatMap((id) => ["-p", `${id}`])], {
  stdio: ["ignore", "ignore", "pipe"]
})
// Interrupted it detaches; killed, it would leave the traced stopped for a moment.
process.on("exit", () => strace.kill("SIGINT"))

let said = ""
let attached = 0
strace.stderr.setEncoding("utf8").on("data", (text: string) => {
  said += text
  const now = said.match(/ attached/g)?.length ?? 0
  if (attached < processes.length && now >= processes.length) {
    process.stdout.write(Line.format("ready", ""))
  }
  attached = now
})
strace.on("close", () => {
  const calls = totalOf(said)
  if (calls === undefined) {
    console.error(said.trim())
    process.exit(1)
  }
  process.stdout.write(Line.format("done", `${calls}`))
})

const lines = createInterface({ input: process.stdin })
lines.on("line", () => strace.kill("SIGINT"))
lines.on("close", () => process.exit(0))
