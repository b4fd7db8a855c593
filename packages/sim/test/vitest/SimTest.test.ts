import { Probe } from "@portico/sim"
import { sim } from "@portico/sim/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe } from "vitest"

const counting = Effect.gen(function* () {
  const counter = { value: 0 }
  const increment = Effect.gen(function* () {
    const value = yield* Effect.sync(() => counter.value)
    yield* Effect.sync(() => void (counter.value = value + 1))
    yield* Probe.committed
  })
  const fibers = yield* Effect.forEach([1, 2], () => Effect.forkChild(increment))
  yield* Fiber.joinAll(fibers)
  yield* Probe.sometimes("an increment is lost", counter.value < 2)
  yield* Probe.sometimes("none is lost", counter.value === 2)
})

describe("a simulated test", () => {
  sim.test("passes when its scenario does in all worlds", counting, { runs: 100 })
  sim.test("may say that it tries little", Effect.void, {
    runs: 2,
    vacuous: ["commits", "schedules"]
  })
})
