/**
 * What many connections cost: memory while they are silent and while each has a message on its way,
 * the time until all are accepted, and the messages themselves.
 */
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import { measurements, warmSeconds } from "./Flow.ts"
import * as Host from "./Host.ts"
import { type FlowOptions, type FlowOutcome, go } from "./load/FlowOutcome.ts"
import { pin } from "./Pinning.ts"
import * as Subject from "./Subject.ts"
import * as Subprocess from "./Subprocess.ts"
import type { Case, Turn } from "./Suite.ts"
import type { Usage } from "./Usage.ts"

const generator = fileURLToPath(new URL("./load/flow.ts", import.meta.url))
const shape = { messageBytes: 64, inFlight: 1 }

/**
 * Collects, and lets the host give back what it frees: both do it from a timer of their own. The
 * same on both sides of the difference and for every contestant.
 */
const settled = (subject: Subject.Subject) =>
  Effect.gen(function* () {
    yield* subject.usageCollected
    yield* Effect.sleep("200 millis")
    return yield* subject.usageCollected
  })

const cpuMillis = ({ systemMicros, userMicros }: Usage): number =>
  (systemMicros + userMicros) / 1_000

/** Connections that nobody hears of again would be told apart from those that are slow. */
const openingLimit = "45 seconds"

const measure = (connections: number, turn: Turn) =>
  Effect.gen(function* () {
    const { seconds } = turn
    const subject = yield* Subject.start(turn)
    const { port } = subject
    const before = yield* settled(subject)
    const options: FlowOptions = { port, clients: connections, shape, warmSeconds: 0, seconds }
    const command: Host.Command = [...Host.command("bun"), generator, JSON.stringify(options)]
    const load = yield* Subprocess.start(
      `The load on ${turn.contestant.name}`,
      pin(command, turn.pinning, "load")
    )
    const openedMillis = Number(yield* load.hear("ready", openingLimit))
    const opened = yield* subject.usage
    const idle = yield* settled(subject)
    yield* load.say(go(10 * warmSeconds))
    yield* load.hear("done", "30 seconds")
    const warm = yield* subject.usage
    yield* load.say(go())
    const outcome: FlowOutcome = JSON.parse(yield* load.hear("done", `${seconds + 30} seconds`))
    const active = yield* subject.usage
    const each = ({ residentBytes }: Usage) => (residentBytes - before.residentBytes) / connections
    return {
      ...measurements(outcome, warm, active),
      bytes_per_connection: each(idle),
      bytes_per_active_connection: each(active),
      time_to_finish: openedMillis,
      cpu_time: cpuMillis(opened) - cpuMillis(before)
    }
  })

export const connectionsCase = (name: string, connections: number): Case => ({
  name,
  summary:
    `${connections.toLocaleString("en")} connections: opened, with 64 bytes there and back on ` +
    "each (time, CPU); silent (bytes); then one message in flight on each (all else)",
  measure: (turn) => measure(connections, turn)
})
