/** Tasks in a world: virtual time, crashes as the seed has them, and copies like a host's. */
import { BlockingPool, PoolError, Task } from "@portico/core"
import { Sim, SimBackend } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"
import { clone } from "../../src/pool/SimClone.ts"

const { task } = Task.module<{ readonly work: (millis: number) => string }>("sim:test")
const work = task("work")

/** Ten tasks of 5 ms on two threads, of which so many in a thousand crash their threads. */
const program = (perMille: number) =>
  Effect.gen(function* () {
    const sim = yield* Sim.Sim
    yield* sim.setTask(work, (_, millis) => Effect.as(Effect.sleep(millis), "done"))
    yield* sim.setTaskCrashes(perMille)
    const lane = yield* BlockingPool.openLane({ threadsMax: 2 })
    const results = yield* Effect.all(
      Array.from({ length: 10 }, () => Effect.result(lane.run(work, [5]))),
      { concurrency: "unbounded" }
    )
    const { tasks } = yield* lane.snapshot
    const told = results.map((one) =>
      one._tag === "Success" ? one.success : one.failure.reason._tag
    )
    return { told, lost: tasks.crashed }
  }).pipe(Effect.scoped)

const simulate = (perMille: number, seed: number, order: "fifo" | "random" = "fifo") => {
  const { exit, ...progress } = SimBackend.simulate(program(perMille), { seed, order })
  if (Exit.isFailure(exit)) throw new Error(String(exit))
  return { ...exit.value, ...progress }
}

describe("tasks in a world", () => {
  it("take virtual time, on as many threads as the lane has", () => {
    const { nanos, told } = simulate(0, 1)
    expect(told).toEqual(Array(10).fill("done"))
    // Two threads start, 20 ms, and each runs five.
    expect(Math.floor(nanos / 1e6)).toBe(45)
  })

  it("crash their threads as the seed has it, and the same way each time", () => {
    const crashes = Array.from({ length: 20 }, (_, seed) => simulate(300, seed, "random"))
    for (const { lost, told } of crashes) {
      const crashed = told.filter((one) => one === "WorkerCrashed")
      expect(crashed).toHaveLength(lost)
      expect(told.filter((one) => one === "done")).toHaveLength(10 - lost)
    }
    expect(new Set(crashes.map(({ told }) => told.join())).size).toBeGreaterThan(5)
    expect(simulate(300, 3, "random")).toEqual(crashes[3])
  })

  it("fail as TaskNotFound without a model", () => {
    const missing = Task.module<{ readonly gone: () => void }>("sim:test").task("gone")
    const { exit } = SimBackend.simulate(
      Effect.scoped(
        Effect.flatMap(BlockingPool.openLane({ threadsMax: 1 }), (lane) =>
          Effect.flip(lane.run(missing, []))
        )
      ),
      { seed: 1 }
    )
    expect(Exit.isSuccess(exit) && PoolError.isPoolError(exit.value, "TaskNotFound")).toBe(true)
  })
})

const loop: Array<unknown> = [1]
loop.push(loop)
const inner = { n: 1 }

describe("copies between simulated threads", () => {
  it.each([
    ["plain values", { a: [1, "two", null, undefined, true, 1n], b: {} }],
    ["dates, maps and sets", [new Map([["k", inner]]), new Set([1, inner])]],
    ["bytes and their views", [new Uint8Array([1, 2, 3]).subarray(1), new Float64Array([0.5])]],
    ["one object twice", [inner, inner]],
    ["a cycle", loop]
  ])("are those of structured clone: %s", (_, value) => {
    expect(clone(value, [])).toStrictEqual(structuredClone(value))
  })

  it("refuse what structured clone refuses, and move nothing then", () => {
    const bytes = new Uint8Array(4)
    expect(() => clone([bytes, () => 1], [bytes.buffer])).toThrow("could not be cloned")
    expect(bytes.byteLength).toBe(4)
  })

  it("take what is moved from who had it", () => {
    const bytes = new Uint8Array([1, 2, 3])
    expect(clone(bytes, [bytes.buffer])).toStrictEqual(new Uint8Array([1, 2, 3]))
    expect(bytes.byteLength).toBe(0)
  })
})
