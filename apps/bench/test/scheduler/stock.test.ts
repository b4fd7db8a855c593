import { NodeBackend } from "@portico/node"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { MixedScheduler, Scheduler } from "effect/Scheduler"
import { expect, it } from "vitest"
import { provideStock } from "../../src/scheduler/programs/stock.ts"

it("what Effect has of its own holds within a backend's layer", async () => {
  const installed = Effect.all([Scheduler, Clock.Clock])
  const onLayer = <A, E>(program: Effect.Effect<A, E>): Promise<A> =>
    Effect.runPromise(Effect.provide(program, NodeBackend.layer))

  const [scheduler, clock] = await onLayer(provideStock(installed))
  expect(scheduler).toBeInstanceOf(MixedScheduler)
  expect(clock).toBe(Context.get(Context.empty(), Clock.Clock))

  const [layerScheduler, layerClock] = await onLayer(installed)
  expect(layerScheduler).not.toBeInstanceOf(MixedScheduler)
  expect(layerClock).not.toBe(clock)
})
