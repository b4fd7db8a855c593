/**
 * `redis-benchmark` as a load generator: told `KvOptions`, it answers a `FlowOutcome`.
 *
 * It takes a number of requests and no time, so the number is that of a shorter run before.
 */
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import * as Line from "../Line.ts"
import type { FlowOutcome } from "../load/FlowOutcome.ts"
import { clients, inFlight, keys, type KvOptions, type Operation, valueBytes } from "./KvOptions.ts"

const options: KvOptions = JSON.parse(process.argv[2]!)

/** Enough that each key is set, as good as certainly. */
const warmRequests = 20 * keys

const cpuPeriodMillis = 50
const millisPerTick = 10

/** Milliseconds of CPU that a process has used. */
const cpuOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ")
  return (Number(stat[11]) + Number(stat[12])) * millisPerTick
}

const run = async (operation: Operation, requests: number): Promise<FlowOutcome> => {
  const to = ["-h", "127.0.0.1", "-p", String(options.port), "-t", operation, "--csv"]
  const shape = ["-n", String(requests), "-c", String(clients), "-P", String(inFlight)]
  const data = ["-r", String(keys), "-d", String(valueBytes)]
  const child = spawn("redis-benchmark", to.concat(shape, data), {
    stdio: ["ignore", "pipe", "inherit"]
  })
  process.once("exit", () => child.kill("SIGKILL"))
  let generatorCpuMillis = 0
  const watch = setInterval(() => {
    if (child.exitCode === null) generatorCpuMillis = cpuOf(child.pid!)
  }, cpuPeriodMillis)
  let text = ""
  for await (const chunk of child.stdout) text += String(chunk)
  clearInterval(watch)
  // Headings, then: name, requests a second, latencies: mean, min, p50, p95, p99, max.
  const row = text.trim().split("\n").at(-1)!.replaceAll('"', "").split(",")
  const [rate, , , p50Millis, , p99Millis] = row.slice(1).map(Number)
  if (!(rate! > 0)) throw new Error(`redis-benchmark said no rate:\n${text}`)
  return {
    messages: requests,
    elapsedMillis: (requests / rate!) * 1_000,
    p50Millis: p50Millis!,
    p99Millis: p99Millis!,
    generatorCpuMillis
  }
}

await run("set", warmRequests)
const warm = await run(options.operation, warmRequests)
const requests = Math.ceil((warm.messages / warm.elapsedMillis) * options.seconds * 1_000)
const lines = createInterface({ input: process.stdin })
lines.on("line", () => {
  void run(options.operation, requests).then((outcome) =>
    process.stdout.write(Line.format("done", JSON.stringify(outcome)))
  )
})
lines.on("close", () => process.exit(0))
process.stdout.write(Line.format("ready", ""))
