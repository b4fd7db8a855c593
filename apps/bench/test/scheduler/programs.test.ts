/** The programs in small, on Portico's scheduler and on Effect's: what they do, not how fast. */
import { NodeScheduler } from "@portico/node"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { chain } from "../../src/scheduler/programs/chain.ts"
import { deferred } from "../../src/scheduler/programs/deferred.ts"
import { forks } from "../../src/scheduler/programs/forks.ts"
import { promiseLoop } from "../../src/scheduler/programs/promiseLoop.ts"
import { queue } from "../../src/scheduler/programs/queue.ts"
import { sleepers } from "../../src/scheduler/programs/sleepers.ts"
import { provideStock } from "../../src/scheduler/programs/stock.ts"
import { yields } from "../../src/scheduler/programs/yields.ts"
import type { Outcome, Task } from "../../src/scheduler/Task.ts"

const small = { size: 3, warmSeconds: 0.002, seconds: 0.02 }

const onPortico = (program: Effect.Effect<Outcome>): Promise<Outcome> =>
  Effect.runPromise(Effect.provide(program, NodeScheduler.layer()))

const onEffect = (program: Effect.Effect<Outcome>): Promise<Outcome> =>
  Effect.runPromise(provideStock(program))

const schedulers = { portico: onPortico, effect: onEffect }

describe.each(Object.entries(schedulers))("on %s", (_, run) => {
  it.each(Object.entries({ yields, forks, queue, deferred }))(
    "%s counts operations and their CPU time",
    async (program, measure) => {
      const task: Task = { ...small, program: program as Task["program"] }
      const outcome = await run(measure(task))
      expect(Object.keys(outcome)).toStrictEqual([
        "cpu_per_op",
        "cpu_per_op_quiet",
        "ops_per_second"
      ])
      expect(outcome.ops_per_second).toBeGreaterThan(0)
      expect(outcome.cpu_per_op).toBeGreaterThan(0)
    }
  )

  it("a short chain gives the right answer", async () => {
    const outcome = await run(chain({ ...small, program: "chain", size: 20 }))
    expect(Object.keys(outcome)).toStrictEqual(["time_to_finish", "cpu_time"])
  })

  it("sleepers do not end before the last one is due", async () => {
    const outcome = await run(sleepers({ ...small, program: "sleepers", size: 100 }))
    // Hosts count timers from the time at which the turn began, in whole milliseconds.
    expect(outcome.time_to_finish).toBeGreaterThan(15)
    expect(outcome.late_max).toBeGreaterThanOrEqual(0)
    expect(outcome.resident_peak_bytes).toBeGreaterThan(2 ** 20)
  })
})

const loop: Task = { ...small, program: "promise-loop", seconds: 0.1 }

it("the promise loop on Portico lets the interval fire", async () => {
  const outcome = await onPortico(promiseLoop(loop))
  expect(outcome.timer_ticks).toBeGreaterThan(0)
  expect(outcome.ops_per_second).toBeGreaterThan(0)
})

it("the promise loop on Effect ends by itself, and no tick came in between", async () => {
  expect((await onEffect(promiseLoop(loop))).timer_ticks).toBe(0)
})

it("a chain as long as the suite's ends on Portico", async () => {
  const outcome = await onPortico(chain({ ...small, program: "chain", size: 10_000 }))
  expect(outcome.note).toBeUndefined()
})
