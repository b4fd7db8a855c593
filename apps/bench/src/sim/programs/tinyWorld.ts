import { Explore, Probe } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

const scenario = Effect.gen(function* () {
  let balance = 100
  const withdraw = Effect.gen(function* () {
    const seen = yield* Effect.sync(() => balance)
    yield* Effect.sync(() => void (balance = seen - 10))
    yield* Probe.committed
  })
  const fibers = yield* Effect.forEach([1, 2], () => Effect.forkChild(withdraw))
  yield* Fiber.joinAll(fibers)
})

const runs = 100

/** Worlds of three fibers. */
export const tinyWorld = (seed: number): number =>
  Explore.exploreSync(scenario, { seed: seed * runs, runs, strategy: "random" }).runs
