/** What a lane does with a port that takes tasks ahead, and whose threads end as the test says. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { openLane } from "../../src/internal/pool/openLane.ts"
import type { PoolError } from "../../src/PoolError.ts"
import type { PoolLane } from "../../src/PoolLane.ts"
import type { LaneOptions } from "../../src/PoolOptions.ts"
import * as Task from "../../src/Task.ts"
import { ScriptedPorts } from "../scripted/ScriptedPorts.ts"
import type { ScriptedLane } from "../scripted/ScriptedWorkers.ts"

const { task } = Task.module<{ readonly one: (value: number) => number }>("file:///tasks.js")
const one = task("one")

interface Rig {
  readonly lane: PoolLane
  readonly port: ScriptedLane
}

const withLane = <A, E>(
  options: LaneOptions,
  ahead: number,
  body: (rig: Rig) => Effect.Effect<A, E>
): Promise<A> => {
  const ports = new ScriptedPorts()
  return Effect.gen(function* () {
    const lane = yield* openLane(ports.table, options)
    const port = ports.workers.lanes[0]!
    port.ahead = ahead
    const result = yield* body({ lane, port })
    // Its close waits for what runs, and the scripted loop for the test.
    for (const worker of Array.from(port.running.keys())) port.succeed(worker)
    return result
  }).pipe(Effect.scoped, (effect) => {
    const ended = Effect.runPromise(effect)
    const turns = setInterval(() => ports.host.settle(), 1)
    return ended.finally(() => clearInterval(turns))
  })
}

const start = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.forkDetach(effect, { startImmediately: true })

const reasonOf = (exit: Exit.Exit<unknown, PoolError>) => {
  const reason = Exit.isFailure(exit) ? exit.cause.reasons[0] : undefined
  return reason?._tag === "Fail" ? reason.error.reason._tag : reason?._tag
}

describe("a lane", () => {
  it("gives the port what it takes ahead, and no more", () =>
    withLane({ threadsMax: 2 }, 3, ({ lane, port }) =>
      Effect.gen(function* () {
        for (let n = 0; n < 10; n++) yield* start(lane.run(one, [n]))
        expect(port.queue.map(({ args }) => args[0])).toEqual([0, 1, 2, 3, 4])
        expect(port.alive.size).toBe(2)
        port.start(1)
        port.succeed(1)
        expect(port.queue.map(({ args }) => args[0])).toEqual([1, 2, 3, 4, 5])
      })
    ))

  it("counts those that the port has ahead as waiting (POOL-02)", () =>
    withLane({ threadsMax: 1, queueMax: 2 }, 5, ({ lane, port }) =>
      Effect.gen(function* () {
        for (let n = 0; n < 3; n++) yield* start(lane.run(one, [n]))
        const refused = yield* Effect.exit(lane.run(one, [3]))
        expect(reasonOf(refused)).toBe("PoolFull")
        expect((yield* lane.snapshot).waiting).toBe(3)
        port.start(1)
        expect((yield* lane.snapshot).waiting).toBe(2)
      })
    ))

  it("takes nothing ahead while a token is held, and starts nobody in its place", () =>
    withLane({ threadsMax: 2 }, 5, ({ lane, port }) =>
      lane.hold(
        Effect.gen(function* () {
          for (let n = 0; n < 4; n++) yield* start(lane.run(one, [n]))
          expect(port.queue).toHaveLength(1)
          expect(port.alive.size).toBe(1)
        })
      )
    ))

  it("fails one task for each thread that never got ready, and starts another", () =>
    withLane({ threadsMax: 1 }, 5, ({ lane, port }) =>
      Effect.gen(function* () {
        const first = yield* start(lane.run(one, [1]))
        const second = yield* start(lane.run(one, [2]))
        port.lose(1, { _tag: "Exited", exitCode: 9 }, false)
        expect(reasonOf(yield* Fiber.await(first))).toBe("WorkerExited")
        expect([...port.alive]).toEqual([2])
        port.start(2)
        port.succeed(2, "two")
        expect(yield* Fiber.join(second)).toBe("two")
      })
    ))

  it("takes a task back from the port that is interrupted before it started (POOL-03)", () =>
    withLane({ threadsMax: 1 }, 5, ({ lane, port }) =>
      Effect.gen(function* () {
        const first = yield* start(lane.run(one, [1]))
        const second = yield* start(lane.run(one, [2]))
        port.start(1)
        yield* Fiber.interrupt(second)
        expect(port.queue).toEqual([])
        port.succeed(1, "one")
        expect(yield* Fiber.join(first)).toBe("one")
      })
    ))

  it("gives a token back once, when a task that is being ended ends by itself", () =>
    withLane({ threadsMax: 1 }, 0, ({ lane, port }) =>
      Effect.gen(function* () {
        const abandoned = yield* start(lane.run(one, [1], { onInterrupt: "abandon" }))
        port.start(1)
        yield* Fiber.interrupt(abandoned)
        expect(port.cancelled).toHaveLength(1)
        expect((yield* lane.snapshot).holders).toHaveLength(1)
        port.succeed(1)
        expect((yield* lane.snapshot).holders).toHaveLength(0)
        expect((yield* lane.snapshot).waiting).toBe(0)
      })
    ))

  it("asks nobody to stop who is given no time for it", () =>
    withLane({ threadsMax: 1 }, 0, ({ lane, port }) =>
      Effect.gen(function* () {
        // It may wait in the line of a shared lock. Woken, it would be ended while it leaves that,
        // and break the lock: so it was with 6 of 300.
        const first = yield* lane.submit(one, [1])
        port.start(1)
        expect(yield* first.cancel({ grace: 0 })).toBe("Terminated")
        expect(port.cancelled).toEqual([])
        const second = yield* lane.submit(one, [2])
        const task = port.start(2)
        const cancelling = yield* start(second.cancel({ grace: "1 minute" }))
        expect(port.cancelled).toEqual([task])
        port.succeed(2)
        expect(yield* Fiber.join(cancelling)).toBe("Ended")
      }).pipe(Effect.scoped)
    ))

  it("keeps the port ref'd while it has a task (POOL-20)", () =>
    withLane({ threadsMax: 1 }, 0, ({ lane, port }) =>
      Effect.gen(function* () {
        expect(port.isRef).toBe(false)
        const running = yield* start(lane.run(one, [1]))
        expect(port.isRef).toBe(true)
        port.start(1)
        port.succeed(1)
        yield* Fiber.await(running)
        expect(port.isRef).toBe(false)
      })
    ))
})
