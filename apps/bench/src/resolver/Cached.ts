/** The case `cached`: questions whose answers were fetched from an upstream before. */
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import * as Host from "../Host.ts"
import type { FlowOptions, FlowOutcome } from "../load/FlowOutcome.ts"
import type { Measurements } from "../Metric.ts"
import { pin, type Role } from "../Pinning.ts"
import * as Subject from "../Subject.ts"
import * as Subprocess from "../Subprocess.ts"
import type { Case, Turn } from "../Suite.ts"
import type { Usage } from "../Usage.ts"
import { inFlight, names } from "./Names.ts"

export type Generator = "dnsperf.ts" | "queries.ts"

/** `dnsperf` tells no quantiles. */
type Outcome = Omit<FlowOutcome, "p50Millis" | "p99Millis"> &
  Partial<Pick<FlowOutcome, "p50Millis" | "p99Millis">>

const clients = 10
/** All names are asked for, many times; `dnsperf` counts in whole seconds. */
const warmSeconds = 1

const measurements = (outcome: Outcome, before: Usage, after: Usage): Measurements => {
  const user = (after.userMicros - before.userMicros) / outcome.messages
  const system = (after.systemMicros - before.systemMicros) / outcome.messages
  const { p50Millis, p99Millis } = outcome
  return {
    ops_per_cpu_second: 1e6 / (user + system),
    cpu_per_op: user + system,
    cpu_user_per_op: user,
    cpu_system_per_op: system,
    ops_per_second: (outcome.messages / outcome.elapsedMillis) * 1_000,
    ...(p50Millis === undefined ? {} : { latency_p50: p50Millis }),
    ...(p99Millis === undefined ? {} : { latency_p99: p99Millis }),
    lost_share: (outcome.lost ?? 0) / outcome.messages,
    resident_bytes: after.residentBytes,
    generator_busy: outcome.generatorCpuMillis / outcome.elapsedMillis
  }
}

const start = (turn: Turn, role: Role, name: string, host: Host.Host, ...file: Array<string>) => {
  const [path, ...told] = file as [string, ...Array<string>]
  const program = fileURLToPath(new URL(path, import.meta.url))
  return Subprocess.start(name, pin([...Host.command(host), program, ...told], turn.pinning, role))
}

const measure = (generator: Generator, turn: Turn) =>
  Effect.gen(function* () {
    const { contestant, seconds } = turn
    const upstream = yield* start(turn, "load", "The upstream", "node", "./upstream.ts")
    const upstreamPort = yield* upstream.hear("ready", "15 seconds")
    const subject = yield* Subject.start(turn, upstreamPort)
    const options: FlowOptions = {
      port: subject.port,
      clients,
      shape: { messageBytes: 0, inFlight },
      warmSeconds,
      seconds: Math.max(1, Math.round(seconds))
    }
    const name = `The load on ${contestant.name}`
    const told = [`./${generator}`, JSON.stringify(options)]
    const load = yield* start(turn, "load", name, "bun", ...told)
    yield* load.hear("ready", "15 seconds")
    const before = yield* subject.usage
    yield* load.say("go")
    const outcome: Outcome = JSON.parse(yield* load.hear("done", `${options.seconds + 15} seconds`))
    return measurements(outcome, before, yield* subject.usage)
  })

export const cachedCase = (generator: Generator): Case => ({
  name: "cached",
  summary:
    `${names.length} names again and again, ${inFlight} queries in flight of ${clients} clients, ` +
    `by ${generator === "dnsperf.ts" ? "dnsperf" : "the built-in generator"}`,
  measure: (turn) => measure(generator, turn)
})
