/** Laws of a lane's bounds: who waits, in which order, how long, and who is refused. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { equals, equalsAll, isTrue } from "../Expectation.ts"
import { lawGroup } from "../Law.ts"
import { Gate, tasks } from "../LawTasks.ts"
import { failsAs, openLane, poolLaw } from "../PoolLaw.ts"
import { eventually, parked } from "../Turns.ts"

const immediately = { startImmediately: true } as const

export const PoolBoundLaws = lawGroup("Bounds of lanes", [
  poolLaw(
    "POOL-02",
    "beyond the queue's bound a task is refused as PoolFull, at once",
    function* () {
      const { echo, pass } = yield* tasks
      const lane = yield* openLane({ threadsMax: 1, queueMax: 2 })
      const gate = new Gate()
      yield* lane.submit(pass, [gate.cell])
      const waiting = yield* Effect.forEach([1, 2], (value) => lane.submit(echo, [value]))
      const reason = yield* failsAs("PoolFull", lane.run(echo, [3]))
      yield* equals(reason.queueMax, 2, "queueMax")
      yield* equals(reason.threadsMax, 1, "threadsMax")
      yield* gate.open
      const results = yield* Effect.forEach(waiting, (task) => task.await)
      yield* equalsAll(results as ReadonlyArray<number>, [1, 2], "results of those that waited")
      yield* equals((yield* lane.snapshot).tasks.refused, 1, "refused")
    }
  ),

  poolLaw("POOL-22", "tasks start in the order in which they were asked for", function* () {
    const { count } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    const gate = new Gate()
    const order = Array.from({ length: 300 }, (_, index) => index)
    const started = yield* Effect.forEach(order, () => lane.run(count, [gate.cell]), {
      concurrency: "unbounded"
    })
    yield* equalsAll(started, order, "places")
  }),

  poolLaw("POOL-23", "who has waited too long fails as WaitTimedOut, and never runs", function* () {
    const { count, echo, pass } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1, waitMax: "20 millis" })
    const gate = new Gate()
    const counted = new Gate()
    // It may wait for its thread to start.
    yield* lane.submit(pass, [gate.cell], { waitMax: "20 seconds" })
    yield* gate.awaitCount(1)
    const patient = yield* lane.submit(echo, [5], { waitMax: "20 seconds" })
    const reason = yield* failsAs("WaitTimedOut", lane.run(count, [counted.cell]))
    yield* equals(reason.waitMaxMillis, 20, "waitMaxMillis")
    yield* isTrue(reason.waitedMillis >= 20, `It waited for ${reason.waitedMillis} ms only`)
    yield* equals(reason.ahead, 1, "ahead of it")
    yield* gate.open
    yield* equals(yield* patient.await, 5, "the result of one that waits longer")
    yield* equals(counted.count, 0, "times that it ran")
  }),

  poolLaw("POOL-10", "who does not wait cannot take a token that is promised", function* () {
    const lane = yield* openLane({ threadsMax: 1 })
    const finish = yield* Deferred.make<void>()
    let waiting: Fiber.Fiber<string, unknown> | undefined
    yield* lane.hold(
      Effect.gen(function* () {
        const who = Effect.as(Deferred.await(finish), "the one who waited")
        waiting = yield* Effect.forkDetach(lane.hold(who), immediately)
        yield* parked(lane, 1)
      })
    )
    const reason = yield* failsAs("WaitTimedOut", lane.hold(Effect.void, { waitMax: 0 }))
    yield* equals(reason.waitMaxMillis, 0, "waitMaxMillis")
    yield* Deferred.succeed(finish, undefined)
    yield* equals(yield* Effect.orDie(Fiber.join(waiting!)), "the one who waited", "who had it")
    yield* lane.hold(Effect.void, { waitMax: 0 })
  }),

  poolLaw("POOL-11", "one fiber cannot hold two tokens, and gives back one once", function* () {
    const lane = yield* openLane({ threadsMax: 2 })
    yield* lane.hold(failsAs("Busy", lane.hold(Effect.void)))
    yield* lane.hold(Effect.void)
    const used = lane.hold(Effect.map(lane.snapshot, ({ holders }) => holders.length))
    yield* equals(yield* used, 1, "tokens in use by one")
    yield* equals((yield* lane.snapshot).holders.length, 0, "tokens in use in the end")
  }),

  poolLaw("POOL-24", "a token that is held is one thread less for tasks", function* () {
    const { pass } = yield* tasks
    const lane = yield* openLane({ threadsMax: 2 })
    const gate = new Gate()
    yield* lane.hold(
      Effect.gen(function* () {
        yield* lane.submit(pass, [gate.cell])
        yield* lane.submit(pass, [gate.cell])
        yield* gate.awaitCount(1)
        yield* equals((yield* lane.snapshot).holders.length, 2, "tokens in use")
        yield* equals((yield* lane.snapshot).waiting, 1, "waiting")
      })
    )
    yield* gate.awaitCount(2)
    yield* gate.open
  }),

  poolLaw("POOL-25", "more threads let those who wait start; fewer stop nobody", function* () {
    const { echo, pass } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    const gate = new Gate()
    const passing = yield* Effect.forEach([1, 2, 3], () => lane.submit(pass, [gate.cell]))
    yield* gate.awaitCount(1)
    yield* equals((yield* lane.snapshot).waiting, 2, "waiting for one thread")
    yield* lane.resize({ threadsMax: 3 })
    yield* gate.awaitCount(3)
    yield* lane.resize({ threadsMax: 1 })
    const next = yield* lane.submit(echo, [4])
    yield* equals((yield* lane.snapshot).holders.length, 3, "tokens that stay in use")
    yield* equals(yield* next.state, "Waiting", "the next one")
    yield* gate.open
    const results = yield* Effect.forEach(passing, (task) => task.await)
    yield* equalsAll(results, [7, 7, 7], "results")
    yield* equals(yield* next.await, 4, "the next one's result")
    yield* eventually(
      "one thread",
      Effect.map(lane.snapshot, ({ threads }) => threads <= 1)
    )
  }),

  poolLaw("POOL-12", "slow tasks of one lane do not hold up another lane", function* () {
    const { echo, pass } = yield* tasks
    const slow = yield* openLane({ threadsMax: 1, name: "slow" })
    const quick = yield* openLane({ threadsMax: 1, name: "quick" })
    const gate = new Gate()
    yield* slow.submit(pass, [gate.cell])
    const second = yield* slow.submit(pass, [gate.cell])
    yield* equals(yield* quick.run(echo, [1]), 1, "the other lane's result")
    yield* equals(yield* second.state, "Waiting", "the second of the slow ones")
    yield* gate.open
  })
])
