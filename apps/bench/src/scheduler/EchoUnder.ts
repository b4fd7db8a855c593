/**
 * An echo served on the loop of fibers that only compute.
 *
 * The connection is made and warm before they start, so what is timed is one message at a time
 * against the spinning, and neither the handshake nor the compilers.
 */
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import * as Host from "../Host.ts"
import type { PatientOptions, PatientOutcome } from "../load/PatientOutcome.ts"
import { pin } from "../Pinning.ts"
import * as Subject from "../Subject.ts"
import * as Subprocess from "../Subprocess.ts"
import type { Case, Turn } from "../Suite.ts"
import { type Outcome, type Task, warmSeconds } from "./Task.ts"

const generator = fileURLToPath(new URL("../load/patient.ts", import.meta.url))

/** How long the load waits for one echo. Within the range of its histogram. */
const patienceSeconds = 4

const load = (turn: Turn, port: number) => {
  const { seconds } = turn
  const options: PatientOptions = { port, messageBytes: 64, warmSeconds, seconds, patienceSeconds }
  const command: Host.Command = [...Host.command("bun"), generator, JSON.stringify(options)]
  return Subprocess.start(`The load on ${turn.contestant.name}`, pin(command, turn.pinning, "load"))
}

type Spinning = Pick<Task, "size" | "stepMicros">

const measure = (turn: Turn, spinning: Spinning): ReturnType<Case["measure"]> =>
  Effect.gen(function* () {
    const { seconds } = turn
    const task: Task = { program: "echo-under", ...spinning, warmSeconds, seconds }
    const subject = yield* Subject.spawn(turn, JSON.stringify(task))
    const client = yield* load(turn, Number(yield* subject.hear("ready", "15 seconds")))
    yield* client.hear("ready", "15 seconds")

    yield* subject.say("spin")
    yield* subject.hear("ready", "10 seconds")
    yield* Effect.sleep(`${warmSeconds} seconds`)
    yield* client.say("go")
    const clientDone = client.hear("done", `${seconds + patienceSeconds + 5} seconds`)
    const echo: PatientOutcome = JSON.parse(yield* clientDone)
    const spun: Outcome = JSON.parse(yield* subject.hear("done", "15 seconds"))
    return {
      ...spun,
      latency_p50: echo.p50Millis,
      latency_p99: echo.p99Millis,
      generator_busy: echo.generatorBusy,
      ...(echo.isUnanswered ? { note: `no echo within ${patienceSeconds} s` } : {})
    }
  })

export const echoUnderCase = (name: string, summary: string, spinning: Spinning): Case => ({
  name,
  summary: `64 bytes there and back beside ${summary}`,
  measure: (turn) => measure(turn, spinning)
})
