/**
 * `dnsperf` as a load generator: told `FlowOptions`, it answers a `FlowOutcome` from what `dnsperf`
 * prints, which has no quantiles of latency: they are left out.
 */
import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import * as Line from "../Line.ts"
import type { FlowOptions } from "../load/FlowOutcome.ts"
import { inFlight, names } from "./Names.ts"

const options: FlowOptions = JSON.parse(process.argv[2]!)
const folder = mkdtempSync(join(tmpdir(), "portico-bench-"))
const file = join(folder, "queries")
writeFileSync(file, names.map((name) => `${name} A\n`).join(""))
process.on("exit", () => rmSync(folder, { recursive: true, force: true }))

const cpuPeriodMillis = 50
const millisPerTick = 10

/** Milliseconds of CPU that a process has used. */
const cpuOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ")
  return (Number(stat[11]) + Number(stat[12])) * millisPerTick
}

const figure = (text: string, name: string): number => {
  const found = new RegExp(`${name}:\\s+([\\d.]+)`).exec(text)?.[1]
  if (found === undefined) throw new Error(`dnsperf did not say "${name}":\n${text}`)
  return Number(found)
}

const run = async (seconds: number) => {
  const to = ["-s", "127.0.0.1", "-p", String(options.port), "-d", file]
  const shape = ["-c", String(options.clients), "-q", String(inFlight), "-l", String(seconds)]
  const child = spawn("dnsperf", [...to, ...shape], { stdio: ["ignore", "pipe", "inherit"] })
  process.once("exit", () => child.kill("SIGKILL"))
  let generatorCpuMillis = 0
  const watch = setInterval(() => {
    if (child.exitCode === null) generatorCpuMillis = cpuOf(child.pid!)
  }, cpuPeriodMillis)
  let text = ""
  for await (const chunk of child.stdout) text += String(chunk)
  clearInterval(watch)
  const millis = figure(text, "Average Latency \\(s\\)") * 1_000
  return {
    messages: figure(text, "Queries completed"),
    lost: figure(text, "Queries lost"),
    elapsedMillis: figure(text, "Run time \\(s\\)") * 1_000,
    meanMillis: millis,
    generatorCpuMillis
  }
}

await run(options.warmSeconds)
const lines = createInterface({ input: process.stdin })
lines.on("line", () => {
  void run(options.seconds).then((outcome) =>
    process.stdout.write(Line.format("done", JSON.stringify(outcome)))
  )
})
lines.on("close", () => process.exit(0))
process.stdout.write(Line.format("ready", ""))
