/** The turn of Portico: fibers that run tasks in a lane. */
import { BlockingPool, type PoolError, Task } from "@portico/core"
import * as Effect from "effect/Effect"
import { tell } from "../../scheduler/programs/tell.ts"
import type { Told, Work } from "../PoolCase.ts"
import type * as Tasks from "./porticoTasks.ts"
import { burnMillis, megabyte, TaskMeter } from "./TaskMeter.ts"

const tasks = Task.module<typeof Tasks>(new URL("./porticoTasks.ts", import.meta.url))
const increment = tasks.task("increment")
const giveBack = tasks.task("giveBack")
const burn = tasks.task("burn")

type Step = (number: number) => Effect.Effect<unknown, PoolError.PoolError>

export const program = Effect.gen(function* () {
  const told = JSON.parse(process.argv[2]!) as Told
  const lane = yield* BlockingPool.openLane({ threadsMax: 2 })
  let bytes = new Uint8Array(megabyte)
  const steps: { readonly [work in Work]: Step } = {
    tiny: (number) => lane.run(increment, [number]),
    move: () =>
      Effect.map(lane.run(giveBack, [bytes], { transfer: [bytes.buffer] }), (back) => {
        bytes = back
      }),
    burn: () => lane.run(burn, [burnMillis])
  }
  const step = steps[told.work]
  tell("ready", "")
  const meter = new TaskMeter(told)
  const loop = Effect.gen(function* () {
    for (let number = 0; meter.goesOn(); number++) {
      const since = performance.now()
      yield* step(number)
      meter.count(since)
    }
  })
  const loops = Array.from({ length: told.inFlight }, () => loop)
  yield* Effect.all(loops, { concurrency: "unbounded", discard: true })
  const measured = yield* Effect.promise(() => meter.end())
  tell("done", JSON.stringify(measured))
}).pipe(Effect.scoped)
