/** The cases `set-x16` and `get-x16`: 16 requests in flight on each connection. */
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import { warmSeconds } from "../Flow.ts"
import * as Host from "../Host.ts"
import type { FlowOutcome } from "../load/FlowOutcome.ts"
import type { Measurements } from "../Metric.ts"
import { pin } from "../Pinning.ts"
import * as Subject from "../Subject.ts"
import * as Subprocess from "../Subprocess.ts"
import type { Case, Turn } from "../Suite.ts"
import type { Usage } from "../Usage.ts"
import { clients, inFlight, keys, type KvOptions, type Operation, valueBytes } from "./KvOptions.ts"

export type Generator = "redisBenchmark.ts" | "requests.ts"

const measurements = (outcome: FlowOutcome, before: Usage, after: Usage): Measurements => {
  const user = (after.userMicros - before.userMicros) / outcome.messages
  const system = (after.systemMicros - before.systemMicros) / outcome.messages
  return {
    ops_per_cpu_second: 1e6 / (user + system),
    cpu_per_op: user + system,
    cpu_user_per_op: user,
    cpu_system_per_op: system,
    ops_per_second: (outcome.messages / outcome.elapsedMillis) * 1_000,
    latency_p50: outcome.p50Millis,
    latency_p99: outcome.p99Millis,
    resident_bytes: after.residentBytes,
    generator_busy: outcome.generatorCpuMillis / outcome.elapsedMillis
  }
}

const measure = (generator: Generator, operation: Operation, turn: Turn) =>
  Effect.gen(function* () {
    const { contestant, pinning, seconds } = turn
    const subject = yield* Subject.start(turn)
    const options: KvOptions = { port: subject.port, operation, warmSeconds, seconds }
    const program = fileURLToPath(new URL(generator, import.meta.url))
    const command: Host.Command = [...Host.command("bun"), program, JSON.stringify(options)]
    const name = `The load on ${contestant.name}`
    const load = yield* Subprocess.start(name, pin(command, pinning, "load"))
    yield* load.hear("ready", "60 seconds")
    const before = yield* subject.usage
    yield* load.say("go")
    const outcome: FlowOutcome = JSON.parse(yield* load.hear("done", `${3 * seconds + 15} seconds`))
    return measurements(outcome, before, yield* subject.usage)
  })

export const kvCase = (generator: Generator, operation: Operation): Case => ({
  name: `${operation}-x${inFlight}`,
  summary:
    `${operation.toUpperCase()} of ${keys} keys with ${valueBytes} bytes, ${clients} connections,` +
    ` ${inFlight} in flight on each, by ` +
    (generator === "requests.ts" ? "the built-in generator" : "redis-benchmark"),
  measure: (turn) => measure(generator, operation, turn)
})
