/** A contestant's process while it takes its turn. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { fileURLToPath } from "node:url"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type { Failure } from "./Failure.ts"
import * as Host from "./Host.ts"
import { pin } from "./Pinning.ts"
import * as Subprocess from "./Subprocess.ts"
import type { Turn } from "./Suite.ts"
import type { Usage } from "./Usage.ts"

export interface Subject {
  readonly port: number
  readonly usage: Effect.Effect<Usage, Failure>
  /** Collects garbage first. */
  readonly usageCollected: Effect.Effect<Usage, Failure>
}

/** The contestant's program in a process of its own. What it is told is its first argument. */
export const spawn = (
  { contestant: { host, name, program }, pinning }: Turn,
  ...told: ReadonlyArray<string>
): Effect.Effect<Subprocess.Subprocess, Failure, ChildProcessSpawner | Scope.Scope> => {
  const command: Host.Command = [...Host.command(host), fileURLToPath(program), ...told]
  return Subprocess.start(name, pin(command, pinning, "subject"))
}

/** A server that answers `Control`'s questions. */
export const start = (
  turn: Turn,
  ...told: ReadonlyArray<string>
): Effect.Effect<Subject, Failure, ChildProcessSpawner | Scope.Scope> =>
  Effect.gen(function* () {
    const process = yield* spawn(turn, ...told)
    const ask = (line: string) =>
      Effect.andThen(process.say(line), process.hear("usage", "10 seconds")).pipe(
        Effect.map((text): Usage => JSON.parse(text))
      )
    return {
      port: Number(yield* process.hear("ready", "15 seconds")),
      usage: ask("usage"),
      usageCollected: ask("collect")
    }
  })
