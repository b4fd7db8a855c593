import { SimBackend } from "@portico/sim"
import * as Effect from "effect/Effect"

const yielding = Effect.gen(function* () {
  for (let time = 0; time < 5_000; time++) yield* Effect.yieldNow
})

const fibers = Effect.all(
  Array.from({ length: 10 }, () => yielding),
  { concurrency: "unbounded", discard: true }
)

/** Steps of fibers that yield. */
export const steps = (seed: number): number =>
  SimBackend.simulate(fibers, { seed, order: "random" }).steps
