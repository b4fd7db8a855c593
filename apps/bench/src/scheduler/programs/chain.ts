/** A chain of wake-ups: `size` fibers, each completes the deferred that the next one awaits. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { Outcome, Task } from "../Task.ts"

const cpuMillis = (): number => {
  const { system, user } = process.cpuUsage()
  return (user + system) / 1_000
}

export const chain = ({ size }: Task): Effect.Effect<Outcome> =>
  Effect.gen(function* () {
    const links = Array.from({ length: size + 1 }, () => Deferred.makeUnsafe<number>())
    for (let link = 0; link < size; link++) {
      const next = Effect.flatMap(Deferred.await(links[link]!), (count) =>
        Deferred.succeed(links[link + 1]!, count + 1)
      )
      yield* Effect.forkChild(next)
    }
    // All of them wait before the first is woken.
    yield* Effect.yieldNow

    const started = performance.now()
    const cpuBefore = cpuMillis()
    yield* Deferred.succeed(links[0]!, 0)
    const count = yield* Deferred.await(links[size]!)
    if (count !== size) return { note: `the answer is ${count} and not ${size}` }
    return { time_to_finish: performance.now() - started, cpu_time: cpuMillis() - cpuBefore }
  })
