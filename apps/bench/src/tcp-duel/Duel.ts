/**
 * Two servers that run at once, each with its load, and are asked for echoes by turns.
 *
 * A neighbour of the machine slows down both or none: it disturbs for longer than a turn lasts. So
 * the ratio of two turns that follow one another is what tells them apart.
 */
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import type { Contestant } from "../Contestant.ts"
import { Failure } from "../Failure.ts"
import { warmSeconds } from "../Flow.ts"
import * as Host from "../Host.ts"
import { type FlowOptions, type FlowOutcome, go } from "../load/FlowOutcome.ts"
import { pin } from "../Pinning.ts"
import { median } from "../Statistics.ts"
import * as Subject from "../Subject.ts"
import * as Subprocess from "../Subprocess.ts"
import type { Case, Turn } from "../Suite.ts"

const clients = 50
const messageBytes = 64
/** Of each, one after the other. */
const turnSeconds = 0.1
const generator = fileURLToPath(new URL("../load/flow.ts", import.meta.url))

/** The server warmed up: what a message costs it in one turn, in microseconds. */
const player = (turn: Turn, inFlight: number) =>
  Effect.gen(function* () {
    const subject = yield* Subject.start(turn)
    const shape = { messageBytes, inFlight }
    const { port } = subject
    const options: FlowOptions = { port, clients, shape, warmSeconds, seconds: turnSeconds }
    const command: Host.Command = [...Host.command("bun"), generator, JSON.stringify(options)]
    const load = yield* Subprocess.start(
      `The load on ${turn.contestant.name}`,
      pin(command, turn.pinning, "load")
    )
    yield* load.hear("ready", "15 seconds")
    return Effect.gen(function* () {
      const before = yield* subject.usage
      yield* load.say(go())
      const { messages }: FlowOutcome = JSON.parse(yield* load.hear("done", "15 seconds"))
      const after = yield* subject.usage
      const user = after.userMicros - before.userMicros
      return (user + after.systemMicros - before.systemMicros) / messages
    })
  })

const measure = (turn: Turn, rival: Contestant, inFlight: number): ReturnType<Case["measure"]> =>
  Effect.gen(function* () {
    const mine = yield* player(turn, inFlight)
    const theirs = yield* player({ ...turn, contestant: rival }, inFlight)
    const own: Array<number> = []
    const ratios: Array<number> = []
    const pairs = Math.max(1, Math.round(turn.seconds / (2 * turnSeconds)))
    for (let pair = 0; pair < pairs; pair++) {
      // Who goes first changes: what drifts favours neither.
      const [first, second] = yield* Effect.all(pair % 2 === 0 ? [mine, theirs] : [theirs, mine])
      const [one, other] = pair % 2 === 0 ? [first, second] : [second, first]
      own.push(one)
      ratios.push(one / other)
    }
    return { cpu_per_op: median(own), cpu_to_rival: median(ratios) }
  })

/** `rivals` by the names of contestants. */
export const duelCase = (
  name: string,
  summary: string,
  rivals: ReadonlyMap<string, Contestant>,
  inFlight: number
): Case => ({
  name,
  summary,
  measure: (turn) => {
    const rival = rivals.get(turn.contestant.name)
    return rival === undefined
      ? Effect.fail(new Failure({ message: `${turn.contestant.name} has no rival` }))
      : measure(turn, rival, inFlight)
  }
})
