/** What a server does when it has no descriptor left, and how soon it serves again. */
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import * as Host from "../Host.ts"
import type { VisitorsOptions } from "../load/visitors.ts"
import { microsOf } from "../peers/ProcessGroup.ts"
import { pin } from "../Pinning.ts"
import * as Subject from "../Subject.ts"
import * as Subprocess from "../Subprocess.ts"
import type { Case, Turn } from "../Suite.ts"

const generator = fileURLToPath(new URL("../load/visitors.ts", import.meta.url))

const visitors = 400
const descriptorsMax = 256

const measure = (turn: Turn) =>
  Effect.gen(function* () {
    const subject = yield* Subject.startLimited(turn, descriptorsMax)
    const { processes = [] } = yield* subject.usage
    const options: VisitorsOptions = { port: subject.port, visitors }
    const command: Host.Command = [...Host.command("bun"), generator, JSON.stringify(options)]
    const load = yield* Subprocess.start(
      `The load on ${turn.contestant.name}`,
      pin(command, turn.pinning, "load")
    )
    const ask = (task: string) =>
      load.say(task).pipe(Effect.andThen(load.hear("done", "60 seconds")), Effect.map(Number))
    yield* load.hear("ready", "30 seconds")
    const served = yield* ask("fill")
    // The server cannot tell: on Node even its own memory takes a descriptor to read.
    const before = microsOf(processes[0]!)
    yield* Effect.sleep(`${turn.seconds} seconds`)
    const micros = microsOf(processes[0]!) - before
    return {
      clients_served: served,
      busy_when_full: micros / 1e6 / turn.seconds,
      time_to_resume: yield* ask("resume")
    }
  })

export const descriptorsCase = (name: string): Case => ({
  name,
  summary:
    `a server with ${descriptorsMax} descriptors and ${visitors} clients at once: how many it ` +
    "serves, what it does while it can serve no more, and how long a client waits once it can",
  measure
})
