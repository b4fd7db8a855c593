/** What the layer installs beside its services. */
import { EventLoop } from "@portico/core"
import { NodeBackend, NodeScheduler } from "@portico/node"
import * as NodeClock from "@portico/node/NodeClock"
import * as NodeLoop from "@portico/node/loop/NodeLoop"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Scheduler } from "effect/Scheduler"
import { expect, it } from "vitest"

const run = <A, E>(program: Effect.Effect<A, E, EventLoop.EventLoop>): Promise<A> =>
  Effect.runPromise(Effect.provide(program, NodeBackend.layer))

it("the thread's scheduler and clock run the program", async () => {
  const [scheduler, clock] = await run(
    Effect.all([Effect.service(Scheduler), Effect.service(Clock.Clock)])
  )
  expect(scheduler).toBe(NodeScheduler.ofThread())
  expect(clock).toBe(NodeClock.ofThread())
})

it("two layers of a thread have one loop, scheduler and clock", () => {
  const [one, other] = [NodeBackend.makePorts(), NodeBackend.makePorts()]
  expect(one.loop).toBe(NodeLoop.ofThread())
  expect(other.loop).toBe(one.loop)
  expect(other.scheduler).toBe(one.scheduler)
  expect(other.clock).toBe(one.clock)
})

it("the loop knows who sleeps", async () => {
  const program = Effect.gen(function* () {
    const loop = yield* EventLoop.EventLoop
    yield* Effect.forkChild(Effect.sleep("1 hour"))
    yield* Effect.yieldNow
    return yield* loop.operations
  })
  const operations = await run(program)
  expect(operations.map(({ operation }) => operation)).toEqual(["Effect.sleep"])
})

it("a fiber that comes to the loop's scheduler on its way is known from then on", async () => {
  const ids = EventLoop.EventLoop.use((loop) => loop.fibers).pipe(
    Effect.map((fibers) => fibers.map(({ id }) => id))
  )
  const program = Effect.gen(function* () {
    const first = yield* ids
    // Longer than a slice: it is put into the queue before it was ever resumed.
    const end = performance.now() + 5
    while (performance.now() < end) yield* Effect.void
    return [first, yield* ids, yield* Effect.fiberId]
  })
  const [first, second, id] = await run(program)
  expect(first).toContain(id)
  expect(second).toContain(id)
})

it("the scheduler knows when a callback of I/O, in which fibers ran, is over", () => {
  const { loop, scheduler, turn } = NodeBackend.makePorts()
  const { callbacks } = scheduler.snapshot()
  const untilTimeMoves = Effect.sync(() => {
    const begin = loop.nowMillis()
    while (loop.nowMillis() === begin);
  })
  turn.enter()
  Effect.runFork(untilTimeMoves, { scheduler })
  expect(scheduler.snapshot().callbacks).toBe(callbacks)
  turn.leave()
  expect(scheduler.snapshot().callbacks).toBe(callbacks + 1)
})
