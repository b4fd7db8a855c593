/** Laws of stopping tasks: before they start, while they run, and with the lane. */
import { PoolError } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { equals, equalsAll, isTrue } from "../Expectation.ts"
import { lawGroup } from "../Law.ts"
import { Gate, tasks } from "../LawTasks.ts"
import { failsAs, openLane, poolLaw } from "../PoolLaw.ts"
import { eventually, parked, settle } from "../Turns.ts"

const immediately = { startImmediately: true } as const

export const PoolCancelLaws = lawGroup("Stopping tasks", [
  poolLaw("POOL-03", "a task interrupted before it started never runs", function* () {
    const { count, double, pass } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    const gate = new Gate()
    const counted = new Gate()
    const running = yield* lane.submit(pass, [gate.cell])
    yield* gate.awaitCount(1)
    const bytes = new Uint8Array(8)
    const waiting = [
      yield* Effect.forkChild(lane.run(count, [counted.cell]), immediately),
      yield* Effect.forkChild(lane.run(double, [bytes], { transfer: [bytes.buffer] }), immediately)
    ]
    yield* parked(lane, 3)
    yield* Fiber.interruptAll(waiting)
    yield* gate.open
    yield* running.await
    yield* equals(yield* lane.run(count, [counted.cell]), 0, "times that it ran")
    yield* equals(bytes.byteLength, 8, "bytes that were to be moved, and are not")
  }),

  poolLaw("POOL-04", "interrupted while its task runs, a caller waits for it", function* () {
    const { pass } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    const gate = new Gate()
    const caller = yield* Effect.forkChild(
      lane.run(pass, [gate.cell], { onInterrupt: "wait" }),
      immediately
    )
    yield* gate.awaitCount(1)
    caller.interruptUnsafe()
    yield* settle
    yield* isTrue(caller.pollUnsafe() === undefined, "It should wait for its task")
    yield* equals((yield* lane.snapshot).holders[0]?.isCancelled, true, "asked to stop")
    yield* gate.open
    yield* isTrue(Exit.hasInterrupts(yield* Fiber.await(caller)), "It should be interrupted")
  }),

  poolLaw("POOL-26", "an abandoned task keeps its token until it really ends", function* () {
    const { echo, pass } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    const gate = new Gate()
    const caller = yield* Effect.forkChild(
      lane.run(pass, [gate.cell], { onInterrupt: "abandon" }),
      immediately
    )
    yield* gate.awaitCount(1)
    yield* Fiber.interrupt(caller)
    const [holder] = (yield* lane.snapshot).holders
    yield* equals(holder?.isAbandoned, true, "abandoned")
    yield* failsAs("WaitTimedOut", lane.run(echo, [1], { waitMax: 0 }))
    const next = yield* lane.submit(echo, [2])
    yield* settle
    yield* equals(yield* next.state, "Waiting", "the next one")
    yield* gate.open
    yield* equals(yield* next.await, 2, "the next one's result")
  }),

  poolLaw(
    "POOL-27",
    "a task sees that it is asked to stop, and its caller what it gave",
    function* () {
      const { obey, obeyByThrowing } = yield* tasks
      const lane = yield* openLane({ threadsMax: 1 })
      const gate = new Gate()
      const giving = yield* lane.submit(obey, [gate.cell])
      yield* gate.awaitCount(1)
      yield* equals(yield* giving.state, "Running", "state")
      yield* equals(yield* giving.cancel({ grace: "1 minute" }), "Ended", "outcome")
      yield* equals(yield* giving.await, 8, "result")
      const throwing = yield* lane.submit(obeyByThrowing, [gate.cell])
      yield* gate.awaitCount(2)
      yield* equals(yield* throwing.cancel({ grace: "1 minute" }), "Ended", "outcome")
      const { hasStarted } = yield* failsAs("Cancelled", throwing.await)
      yield* equals(hasStarted, true, "hasStarted")
      yield* equals((yield* lane.snapshot).threadCounts.started, 1, "threads started")
    }
  ),

  poolLaw("POOL-28", "a task that does not stop within its grace loses its thread", function* () {
    const { echo, pass } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    const gate = new Gate()
    const stubborn = yield* lane.submit(pass, [gate.cell])
    yield* gate.awaitCount(1)
    const next = yield* lane.submit(echo, [2])
    yield* equals(yield* stubborn.cancel({ grace: "5 millis" }), "Terminated", "outcome")
    const { graceMillis } = yield* failsAs("Terminated", stubborn.await)
    yield* equals(graceMillis, 5, "graceMillis")
    yield* equals(yield* next.await, 2, "the result of the next one, in a new thread")
    const { tasks: counted, threadCounts } = yield* lane.snapshot
    yield* equals(counted.terminated, 1, "terminated")
    yield* equals(threadCounts.started, 2, "threads started")
    yield* equals(threadCounts.lost, 1, "threads lost")
  }),

  poolLaw("POOL-29", "cancelled before it started, a task says so", function* () {
    const { echo, pass } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    const gate = new Gate()
    const running = yield* lane.submit(pass, [gate.cell])
    const waiting = yield* lane.submit(echo, [1])
    yield* gate.awaitCount(1)
    yield* equals(yield* waiting.cancel(), "NeverStarted", "outcome")
    const { hasStarted } = yield* failsAs("Cancelled", waiting.await)
    yield* equals(hasStarted, false, "hasStarted")
    yield* gate.open
    yield* equals(yield* running.await, 7, "the other one's result")
    yield* equals(yield* running.cancel(), "Ended", "the outcome of one that has ended")
  }),

  poolLaw("POOL-30", "a submitted task ends with its scope", function* () {
    const { count, obey } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    const gate = new Gate()
    const counted = new Gate()
    const scope = yield* Scope.make()
    yield* Scope.provide(lane.submit(obey, [gate.cell], { grace: "1 minute" }), scope)
    yield* Scope.provide(lane.submit(count, [counted.cell]), scope)
    yield* gate.awaitCount(1)
    yield* Scope.close(scope, Exit.void)
    yield* equals((yield* lane.snapshot).holders.length, 0, "tokens in use")
    yield* equals(yield* lane.run(count, [counted.cell]), 0, "times that the second one ran")
  }),

  poolLaw("POOL-37", "those who leave the line leave no gap in it", function* () {
    const { count, pass } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    const gate = new Gate()
    const counted = new Gate()
    const running = yield* lane.submit(pass, [gate.cell])
    yield* gate.awaitCount(1)
    const scope = yield* Scope.make()
    for (let n = 0; n < 300; n++) yield* Scope.provide(lane.submit(count, [counted.cell]), scope)
    yield* Scope.close(scope, Exit.void)
    yield* equals((yield* lane.snapshot).waiting, 0, "waiting")
    const order = Array.from({ length: 300 }, (_, index) => index)
    const staying = yield* Effect.forEach(order, () => lane.submit(count, [counted.cell]))
    yield* gate.open
    yield* running.await
    const places = yield* Effect.forEach(staying, (task) => task.await)
    yield* equalsAll(places, order, "places of those who stayed")
  }),

  poolLaw("POOL-31", "closing a lane fails those who wait, and stops those who run", function* () {
    const { echo, obeyByThrowing, pass } = yield* tasks
    const lane = yield* openLane({ threadsMax: 2, closeGrace: "5 millis" })
    const gate = new Gate()
    const fork = <A, E>(effect: Effect.Effect<A, E>) => Effect.forkChild(effect, immediately)
    const obedient = yield* fork(lane.run(obeyByThrowing, [gate.cell]))
    const stubborn = yield* fork(lane.run(pass, [gate.cell]))
    const waiting = yield* fork(lane.run(echo, [1]))
    yield* gate.awaitCount(2)
    yield* lane.close
    yield* equals(lane.state._tag, "Closed", "state")
    yield* failsAs("Closed", Fiber.join(waiting))
    yield* failsAs("Terminated", Fiber.join(stubborn))
    const exit = yield* Fiber.await(obedient)
    const error = Exit.isFailure(exit) ? exit.cause.reasons[0] : undefined
    const tag =
      error?._tag === "Fail" && PoolError.isPoolError(error.error)
        ? error.error.reason._tag
        : String(error)
    // On a busy machine it may not get to run within its grace.
    yield* isTrue(["Cancelled", "Terminated"].includes(tag), `The obedient one: ${tag}`)
    yield* failsAs("Closed", lane.run(echo, [1]))
    yield* equals((yield* lane.snapshot).threads, 0, "threads")
  }),

  poolLaw(
    "POOL-32",
    "a lane that is shut down lets tasks end, and says what was left",
    function* () {
      const { echo, pass } = yield* tasks
      const lane = yield* openLane({ threadsMax: 1, closeGrace: 0 })
      const gate = new Gate()
      yield* lane.submit(pass, [gate.cell])
      yield* gate.awaitCount(1)
      const waiting = yield* lane.submit(echo, [1])
      const report = yield* lane.shutdown({ deadline: "5 millis" })
      yield* equals(report.finished, 0, "finished")
      yield* equals(report.neverStarted, 1, "neverStarted")
      yield* equals(report.terminated, 1, "terminated")
      yield* equals(report.stopped, 0, "stopped")
      yield* failsAs("Closed", waiting.await)
    }
  ),

  poolLaw("POOL-33", "a lane with time enough to shut down leaves nothing", function* () {
    const { echo, pass } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    const gate = new Gate()
    const running = yield* lane.submit(pass, [gate.cell])
    const waiting = yield* lane.submit(echo, [1])
    const ending = yield* Effect.forkChild(lane.shutdown({ deadline: "1 minute" }), immediately)
    yield* failsAs("Closed", lane.run(echo, [2]))
    yield* gate.open
    const report = yield* Fiber.join(ending)
    yield* equals(report.finished, 2, "finished")
    yield* equals(report.neverStarted + report.stopped + report.terminated, 0, "left")
    yield* equals(yield* running.await, 7, "result")
    yield* equals(yield* waiting.await, 1, "result")
    yield* eventually(
      "closed",
      Effect.sync(() => lane.state._tag === "Closed")
    )
  })
])
