/**
 * `redis-benchmark` as a load generator: told `KvOptions`, it answers a `FlowOutcome`.
 *
 * It takes a number of requests and no time, so the number is that of a shorter run before.
 */
import type { FlowOutcome } from "../load/FlowOutcome.ts"
import * as ForeignGenerator from "../load/ForeignGenerator.ts"
import { serveWindows } from "../load/serveWindows.ts"
import { warmUp } from "../load/warmUp.ts"
import { clients, inFlight, keys, type KvOptions, type Operation, valueBytes } from "./KvOptions.ts"

const options: KvOptions = JSON.parse(process.argv[2]!)

/** Enough that each key is set, as good as certainly. */
const settingRequests = 20 * keys

const run = async (operation: Operation, requests: number): Promise<FlowOutcome> => {
  const to = ["-h", "127.0.0.1", "-p", String(options.port), "-t", operation, "--csv"]
  const shape = ["-n", String(requests), "-c", String(clients), "-P", String(inFlight)]
  const data = ["-r", String(keys), "-d", String(valueBytes)]
  const command = to.concat(shape, data)
  const { cpuMillis, text } = await ForeignGenerator.run("redis-benchmark", command)
  // Headings, then: name, requests a second, latencies: mean, min, p50, p95, p99, max.
  const row = text.trim().split("\n").at(-1)!.replaceAll('"', "").split(",")
  const [rate, , , p50Millis, , p99Millis] = row.slice(1).map(Number)
  if (!(rate! > 0)) throw new Error(`redis-benchmark said no rate:\n${text}`)
  return {
    messages: requests,
    elapsedMillis: (requests / rate!) * 1_000,
    p50Millis: p50Millis!,
    p99Millis: p99Millis!,
    generatorCpuMillis: cpuMillis
  }
}

await run("set", settingRequests)
const first = await run(options.operation, settingRequests)
const perSecond = (first.messages / first.elapsedMillis) * 1_000
const flow = (seconds: number) => run(options.operation, Math.ceil(perSecond * seconds))
await warmUp(flow, options.warmSeconds, inFlight)
serveWindows(flow, options.seconds)
