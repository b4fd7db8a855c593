/**
 * `dnsperf` as a load generator: told `FlowOptions`, it answers a `FlowOutcome` from what `dnsperf`
 * prints, which has no quantiles of latency: they are left out.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { FlowOptions } from "../load/FlowOutcome.ts"
import * as ForeignGenerator from "../load/ForeignGenerator.ts"
import { serveWindows } from "../load/serveWindows.ts"
import { warmUp } from "../load/warmUp.ts"
import { inFlight, names } from "./Names.ts"

const options: FlowOptions = JSON.parse(process.argv[2]!)
const folder = mkdtempSync(join(tmpdir(), "portico-bench-"))
const file = join(folder, "queries")
writeFileSync(file, names.map((name) => `${name} A\n`).join(""))
process.on("exit", () => rmSync(folder, { recursive: true, force: true }))

const figure = (text: string, name: string): number => {
  const found = new RegExp(`${name}:\\s+([\\d.]+)`).exec(text)?.[1]
  if (found === undefined) throw new Error(`dnsperf did not say "${name}":\n${text}`)
  return Number(found)
}

const run = async (seconds: number) => {
  const to = ["-s", "127.0.0.1", "-p", String(options.port), "-d", file]
  const shape = ["-c", String(options.clients), "-q", String(inFlight), "-l", String(seconds)]
  const { cpuMillis, text } = await ForeignGenerator.run("dnsperf", [...to, ...shape])
  const millis = figure(text, "Average Latency \\(s\\)") * 1_000
  return {
    messages: figure(text, "Queries completed"),
    lost: figure(text, "Queries lost"),
    elapsedMillis: figure(text, "Run time \\(s\\)") * 1_000,
    meanMillis: millis,
    generatorCpuMillis: cpuMillis
  }
}

await warmUp(run, options.warmSeconds)
serveWindows(run, options.seconds)
