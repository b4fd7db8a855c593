/**
 * A scheduler that puts resumes off put off the interruption of a fiber that had not started; then
 * the fiber's start, which still stood in the queue, ran instead of it. Seen with more fibers than
 * resumes are allowed at once.
 */
import { NodeScheduler } from "@portico/node"
import { SimBackend } from "@portico/sim"
import { Effect, Exit, Fiber } from "effect"
import { expect, it } from "vitest"

const program = Effect.gen(function* () {
  const fibers = yield* Effect.forEach(Array.from({ length: 1000 }), () =>
    Effect.forkChild(Effect.never)
  )
  for (const fiber of fibers) fiber.interruptUnsafe()
  const exits = yield* Fiber.awaitAll(fibers)
  return exits.filter(Exit.hasInterrupts).length
})

it.each(["fifo", "random"] as const)("in the simulator, in order %s", (order) => {
  expect(SimBackend.runSync(program, { seed: 1, order })).toEqual(Exit.succeed(1000))
})

it("on a host", async () => {
  expect(await Effect.runPromise(Effect.provide(program, NodeScheduler.layer()))).toBe(1000)
})
