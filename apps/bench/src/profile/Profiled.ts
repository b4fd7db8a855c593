/** A case of steady traffic in which the server's main thread is sampled. */
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import { measurements } from "../Flow.ts"
import * as Host from "../Host.ts"
import { type FlowOutcome, go } from "../load/FlowOutcome.ts"
import { pin } from "../Pinning.ts"
import { split } from "../servers/split.ts"
import * as Subject from "../Subject.ts"
import * as Subprocess from "../Subprocess.ts"
import type { Case, Turn } from "../Suite.ts"
import type { Usage } from "../Usage.ts"
import type { Traffic } from "./Traffic.ts"

const cpuMicros = ({ systemMicros, userMicros }: Usage) => systemMicros + userMicros

/** Its port, where there is one. */
const upstreamOf = ({ upstream }: Traffic, { pinning }: Turn) =>
  Effect.gen(function* () {
    if (upstream === undefined) return []
    const command: Host.Command = [...Host.command("node"), fileURLToPath(upstream)]
    const process = yield* Subprocess.start("The upstream", pin(command, pinning, "load"))
    return [yield* process.hear("ready", "15 seconds")]
  })

const measure = (traffic: Traffic, turn: Turn) =>
  Effect.gen(function* () {
    const { contestant, seconds } = turn
    const program = traffic.serverOf(contestant)
    const upstream = yield* upstreamOf(traffic, turn)
    const server = { ...turn, contestant: { ...contestant, program } }
    const subject = yield* Subject.start(server, ...upstream)
    const command: Host.Command = [
      ...Host.command("bun"),
      fileURLToPath(traffic.generator),
      JSON.stringify(traffic.options(subject.port, seconds))
    ]
    const load = yield* Subprocess.start(
      `The load on ${contestant.name}`,
      pin(command, turn.pinning, "load")
    )
    const window = Effect.gen(function* () {
      yield* load.say(go())
      const outcome = yield* load.hear("done", `${seconds + 30} seconds`)
      return JSON.parse(outcome) as FlowOutcome
    })
    yield* load.hear("ready", "30 seconds")
    // The CPU of a window that nobody samples: sampling costs some itself.
    const before = yield* subject.usage
    const measured = measurements(yield* window, before, yield* subject.usage)
    yield* subject.startProfile
    const sampledFrom = yield* subject.usage
    yield* window
    const sampledTo = yield* subject.usage
    const profile = yield* subject.stopProfile
    const cpu = Number(measured.cpu_per_op)
    return {
      cpu_per_op: cpu,
      ...split(profile, cpuMicros(sampledTo) - cpuMicros(sampledFrom), cpu)
    }
  })

export const profiledCase = (name: string, summary: string, traffic: Traffic): Case => ({
  name,
  summary,
  measure: (turn) => measure(traffic, turn)
})
