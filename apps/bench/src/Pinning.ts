/**
 * One core for the program under test, another for the load: left to itself the kernel moves both
 * about, and a shared core makes either wait for the other.
 */
import * as Effect from "effect/Effect"
import { ChildProcess } from "effect/process"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type { Command } from "./Host.ts"

export type Role = "subject" | "load"

/** The core of each role, or undefined where processes are not pinned. */
export type Pinning = { readonly [role in Role]: number } | undefined

/** The numbers in the kernel's notation, such as `0-2,5`. */
export const parseCores = (list: string): ReadonlyArray<number> =>
  [...list.matchAll(/(\d+)(?:-(\d+))?/g)].flatMap(([, first, last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index)
  )

/** The first and the last core this process may use, when there are two and `taskset` is there. */
export const detect: Effect.Effect<Pinning, never, ChildProcessSpawner> = Effect.gen(function* () {
  const spawner = yield* ChildProcessSpawner
  const answer = yield* spawner.string(ChildProcess.make("taskset", ["-cp", `${process.pid}`]))
  const cores = parseCores(answer.split(":")[1] ?? "")
  if (cores.length < 2) return undefined
  return { subject: cores[0]!, load: cores.at(-1)! }
}).pipe(
  Effect.timeout("5 seconds"),
  Effect.orElseSucceed(() => undefined)
)

/** `taskset` replaces itself by the command, so the process id is the command's own. */
export const pin = (command: Command, pinning: Pinning, role: Role): Command =>
  pinning === undefined ? command : ["taskset", "-c", `${pinning[role]}`, ...command]
