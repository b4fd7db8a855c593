/**
 * 64 lookups of names whose name server is silent, and files that are read beside them. Prints how
 * many lookups were pending and how long each read took, in milliseconds.
 */
import { readFile } from "node:fs/promises"
import { EventLoop, Resolver, Udp } from "@portico/core"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"

const lookups = 64
const reads = 20

const read = Effect.gen(function* () {
  const began = performance.now()
  yield* Effect.promise(() => readFile("/etc/passwd"))
  return performance.now() - began
})

export const program = Effect.gen(function* () {
  const loop = yield* EventLoop.EventLoop
  const silent = yield* Udp.bind({ port: 53 })
  for (let number = 0; number < lookups; number++) {
    yield* Effect.forkChild(Resolver.lookup(`hung-${number}.example`))
  }
  // The system's resolver has asked, and waits now.
  yield* silent.receive
  const countPending = Effect.map(
    loop.operations,
    (all) => all.filter(({ operation }) => operation.includes("lookup")).length
  )
  // Fibers that were forked may start some turns later.
  while ((yield* countPending) < lookups) yield* Effect.yieldNow
  const millis = yield* Effect.replicateEffect(read, reads)
  const pending = yield* countPending
  yield* Console.log(JSON.stringify({ pending, millis }))
  return yield* Effect.never
}).pipe(Effect.scoped)
