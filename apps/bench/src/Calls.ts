/** System calls of the program under test, in a window of their own and only where `strace` is. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import { fileURLToPath } from "node:url"
import type { Failure } from "./Failure.ts"
import * as Host from "./Host.ts"
import { go, type FlowOutcome } from "./load/FlowOutcome.ts"
import type { Measurements } from "./Metric.ts"
import type * as Subprocess from "./Subprocess.ts"
import { start } from "./Subprocess.ts"
import type { Usage } from "./Usage.ts"

const tracer = fileURLToPath(new URL("./load/trace.ts", import.meta.url))

/** Short: a traced server is several times slower, and counts need few messages. */
const windowSeconds = 0.2

/** Of more processes than these only a sample could be traced, which would not be the sum. */
const processesMax = 128

/**
 * Lets the load run once more while the processes are traced. Where tracing is refused, as it is in
 * some containers, the answer is a note.
 */
export const count = (
  name: string,
  { processes = [] }: Usage,
  load: Subprocess.Subprocess
): Effect.Effect<Measurements, Failure, ChildProcessSpawner | Scope.Scope> =>
  Effect.gen(function* () {
    if (processes.length === 0 || processes.length > processesMax) return {}
    const command: Host.Command = [...Host.command("node"), tracer, JSON.stringify(processes)]
    const trace = yield* start(`strace on ${name}`, command)
    const refusal = yield* trace.hear("ready", "10 seconds").pipe(
      Effect.as(undefined),
      Effect.catch((failure) => Effect.succeed(failure.message.split("\n").at(-1)!))
    )
    if (refusal !== undefined) return { note: `no system calls: ${refusal}` }
    yield* load.say(go(windowSeconds))
    const outcome: FlowOutcome = JSON.parse(yield* load.hear("done", "30 seconds"))
    yield* trace.say("end")
    const calls = Number(yield* trace.hear("done", "10 seconds"))
    return { syscalls_per_op: calls / outcome.messages }
  })
