/** An update is lost in two operations of a hundred and twenty: chance hardly ever meets it. */
import { Probe } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Canary } from "./Canary.ts"

const work = Effect.suspend(() => Effect.void)

const scenario = (isFixed: boolean) =>
  Effect.gen(function* () {
    let count = 0
    const add = isFixed
      ? Effect.sync(() => void count++)
      : Effect.flatMap(
          Effect.sync(() => count),
          (seen) => Effect.sync(() => void (count = seen + 1))
        )
    const worker = (place: number) =>
      Effect.gen(function* () {
        for (let step = 0; step < 60; step++) yield* step === place ? add : work
        yield* Probe.committed
      })
    const fibers = yield* Effect.forEach([10, 50], (place) => Effect.forkChild(worker(place)))
    yield* Fiber.joinAll(fibers)
    yield* Probe.always("none is lost", count === 2, `${count}`)
  })

export const narrowWindow: Canary = {
  name: "narrow window",
  buggy: scenario(false),
  fixed: scenario(true),
  fails: "violation: always none is lost",
  seeds: 1500
}
