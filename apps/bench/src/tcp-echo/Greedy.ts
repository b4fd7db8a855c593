/** What polite clients still get beside one that takes all it can. */
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import { warmSeconds } from "../Flow.ts"
import * as Host from "../Host.ts"
import { type GreedyOptions, type GreedyOutcome, go } from "../load/FlowOutcome.ts"
import { pin } from "../Pinning.ts"
import * as Subject from "../Subject.ts"
import * as Subprocess from "../Subprocess.ts"
import type { Case, Turn } from "../Suite.ts"

const generator = fileURLToPath(new URL("../load/greedy.ts", import.meta.url))

const clients = 50
const shape = { messageBytes: 64, inFlight: 1 }
/** 2 MiB on their way: more than the sockets' buffers hold, so there is always more to read. */
const greedyShape = { messageBytes: 65_536, inFlight: 32 }

const measure = (turn: Turn) =>
  Effect.gen(function* () {
    const { port } = yield* Subject.start(turn)
    const greedy = { greedyClients: 1, greedyShape }
    const { seconds } = turn
    const options: GreedyOptions = { port, clients, shape, warmSeconds, seconds, ...greedy }
    const command: Host.Command = [...Host.command("bun"), generator, JSON.stringify(options)]
    const load = yield* Subprocess.start(
      `The load on ${turn.contestant.name}`,
      pin(command, turn.pinning, "load")
    )
    yield* load.hear("ready", "15 seconds")
    yield* load.say(go())
    const outcome: GreedyOutcome = JSON.parse(yield* load.hear("done", `${seconds + 15} seconds`))
    const perSecond = (messages: number) => (messages / outcome.elapsedMillis) * 1_000
    return {
      ops_per_second: perSecond(outcome.messages),
      latency_p50: outcome.p50Millis,
      latency_p99: outcome.p99Millis,
      greedy_ops_per_second: perSecond(outcome.greedyMessages),
      generator_busy: outcome.generatorCpuMillis / outcome.elapsedMillis
    }
  })

export const greedyCase = (name: string): Case => ({
  name,
  summary:
    `${clients} connections, 64-byte messages, 1 in flight on each (latencies, ops), beside one ` +
    "with 32 messages of 64 KiB in flight (greedy)",
  measure
})
