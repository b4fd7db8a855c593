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
import type { Profile } from "./servers/Profile.ts"
import { sampledWord } from "./servers/Sampled.ts"
import type { Usage } from "./Usage.ts"

export interface Subject {
  readonly port: number
  readonly usage: Effect.Effect<Usage, Failure>
  /** Collects garbage first. */
  readonly usageCollected: Effect.Effect<Usage, Failure>
  /** Begins to sample its main thread; the other ends it. */
  readonly startProfile: Effect.Effect<void, Failure>
  readonly stopProfile: Effect.Effect<Profile, Failure>
}

const commandOf = (
  { contestant: { host, options = [], program }, isSampled }: Turn,
  told: ReadonlyArray<string>
): Host.Command => [
  ...Host.command(host),
  ...options,
  fileURLToPath(program),
  ...told,
  ...(isSampled === true ? [sampledWord] : [])
]

/** The contestant's program in a process of its own. What it is told is its first argument. */
export const spawn = (
  turn: Turn,
  ...told: ReadonlyArray<string>
): Effect.Effect<Subprocess.Subprocess, Failure, ChildProcessSpawner | Scope.Scope> =>
  Subprocess.start(turn.contestant.name, pin(commandOf(turn, told), turn.pinning, "subject"))

const questioned = (process: Subprocess.Subprocess) =>
  Effect.gen(function* () {
    const ask = (line: string) =>
      Effect.andThen(process.say(line), process.hear("usage", "30 seconds")).pipe(
        Effect.map((text): Usage => JSON.parse(text))
      )
    const subject: Subject = {
      port: Number(yield* process.hear("ready", "30 seconds")),
      usage: ask("usage"),
      usageCollected: ask("collect"),
      startProfile: Effect.asVoid(ask("profile")),
      stopProfile: Effect.andThen(process.say("profiled"), process.hear("done", "60 seconds")).pipe(
        Effect.map((text): Profile => JSON.parse(text))
      )
    }
    return subject
  })

/** A server that answers `Control`'s questions. */
export const start = (
  turn: Turn,
  ...told: ReadonlyArray<string>
): Effect.Effect<Subject, Failure, ChildProcessSpawner | Scope.Scope> =>
  Effect.flatMap(spawn(turn, ...told), questioned)

/** The same with not more descriptors than these: a shell sets its limit and becomes the server. */
export const startLimited = (
  turn: Turn,
  descriptorsMax: number
): Effect.Effect<Subject, Failure, ChildProcessSpawner | Scope.Scope> => {
  const limited = ["sh", "-c", `ulimit -n ${descriptorsMax} && exec "$@"`, "sh"] as const
  const command: Host.Command = [...limited, ...commandOf(turn, [])]
  const pinned = pin(command, turn.pinning, "subject")
  return Effect.flatMap(Subprocess.start(turn.contestant.name, pinned), questioned)
}
