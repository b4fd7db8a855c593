/** A case of steady traffic: a number of clients, each with messages in flight. */
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import * as Calls from "./Calls.ts"
import * as Host from "./Host.ts"
import type { Shape } from "./load/Exchange.ts"
import { type FlowOptions, type FlowOutcome, go } from "./load/FlowOutcome.ts"
import type { Measurements } from "./Metric.ts"
import { pin } from "./Pinning.ts"
import * as Subject from "./Subject.ts"
import * as Subprocess from "./Subprocess.ts"
import type { Case, Turn } from "./Suite.ts"
import type { Usage } from "./Usage.ts"

/** A program under `load/` that is told `FlowOptions` and answers a `FlowOutcome`. */
export type Generator = "flow.ts" | "datagrams.ts"

/** Long enough for either host's compilers to be done, and for the first collections. */
export const warmSeconds = 0.3

export const measurements = (outcome: FlowOutcome, before: Usage, after: Usage): Measurements => {
  const user = (after.userMicros - before.userMicros) / outcome.messages
  const system = (after.systemMicros - before.systemMicros) / outcome.messages
  return {
    cpu_per_op: user + system,
    ...(after.isUndivided === true ? {} : { cpu_user_per_op: user, cpu_system_per_op: system }),
    ops_per_second: (outcome.messages / outcome.elapsedMillis) * 1_000,
    latency_p50: outcome.p50Millis,
    latency_p99: outcome.p99Millis,
    ...(outcome.lost === undefined ? {} : { lost_share: outcome.lost / outcome.messages }),
    ...(before.contextSwitches === undefined || after.contextSwitches === undefined
      ? {}
      : {
          context_switches_per_op:
            (after.contextSwitches - before.contextSwitches) / outcome.messages
        }),
    resident_bytes: after.residentBytes,
    generator_busy: outcome.generatorCpuMillis / outcome.elapsedMillis
  }
}

const measure = (generator: Generator, clients: number, shape: Shape, isTls: boolean, turn: Turn) =>
  Effect.gen(function* () {
    const { seconds } = turn
    const subject = yield* Subject.start(turn)
    const { port } = subject
    const options: FlowOptions = { port, clients, shape, isTls, warmSeconds, seconds }
    const program = fileURLToPath(new URL(`./load/${generator}`, import.meta.url))
    const command: Host.Command = [...Host.command("bun"), program, JSON.stringify(options)]
    const load = yield* Subprocess.start(
      `The load on ${turn.contestant.name}`,
      pin(command, turn.pinning, "load")
    )
    yield* load.hear("ready", "15 seconds")
    // Between warm-up and window nothing is in flight, so neither question disturbs the other.
    const before = yield* subject.usage
    yield* load.say(go())
    const outcome: FlowOutcome = JSON.parse(yield* load.hear("done", `${seconds + 15} seconds`))
    const after = yield* subject.usage
    const measured = measurements(outcome, before, after)
    if (!turn.isTraced) return measured
    return { ...measured, ...(yield* Calls.count(turn.contestant.name, after, load)) }
  })

export const flowCase = (
  generator: Generator,
  name: string,
  summary: string,
  clients: number,
  shape: Shape,
  { isTls = false } = {}
): Case => ({ name, summary, measure: (turn) => measure(generator, clients, shape, isTls, turn) })
