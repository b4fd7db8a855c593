/** The programs of the suite by name; the first argument says which one this process is. */
import type { Tcp } from "@portico/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { withProfile } from "../../servers/Sampled.ts"
import type { Outcome, Program, Task } from "../Task.ts"
import { chain } from "./chain.ts"
import { deferred } from "./deferred.ts"
import { echoUnder } from "./echoUnder.ts"
import { forks } from "./forks.ts"
import { promiseLoop } from "./promiseLoop.ts"
import { queue } from "./queue.ts"
import { sleepers } from "./sleepers.ts"
import { tell } from "./tell.ts"
import { yields } from "./yields.ts"

type Run = (task: Task) => Effect.Effect<void, unknown, Tcp.Tcp | Scope.Scope>

/** Says `ready` once it is loaded, `done` with what it measured, and ends by itself. */
const solo =
  (run: (task: Task) => Effect.Effect<Outcome>): Run =>
  (task) =>
    Effect.gen(function* () {
      tell("ready", "")
      const outcome = yield* run(task)
      const { cpu_per_op: cpuPerOp } = outcome
      const told = yield* Effect.promise(() => withProfile(outcome, Number(cpuPerOp)))
      tell("done", JSON.stringify(told))
    })

const programs: { readonly [name in Program]: Run } = {
  "echo-under": echoUnder,
  yields: solo(yields),
  forks: solo(forks),
  queue: solo(queue),
  deferred: solo(deferred),
  chain: solo(chain),
  "promise-loop": solo(promiseLoop),
  sleepers: solo(sleepers)
}

export const program = Effect.suspend(() => {
  const task: Task = JSON.parse(process.argv[2]!)
  return programs[task.program](task)
})
