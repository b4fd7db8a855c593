/** Laws of tasks that give many results, and of tasks that ask the loop. */
import { LoopCall } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { equals, equalsAll, isTrue } from "../Expectation.ts"
import { lawGroup } from "../Law.ts"
import { double, Gate, tasks } from "../LawTasks.ts"
import { failsAs, openLane, poolLaw } from "../PoolLaw.ts"

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

const isReturned = (gate: Gate) => Atomics.load(new Int32Array(gate.cell), 1) === 1

export const PoolStreamLaws = lawGroup("Tasks that say more", [
  poolLaw("POOL-40", "what a task gives one by one comes one by one, in order", function* () {
    const { countUp, countUpAsync, echo } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    const items = lane.stream(countUp, [new Gate().cell, 100], { itemsMax: 3 })
    yield* equalsAll(yield* Stream.runCollect(items), numbers(100), "items")
    const async = lane.stream(countUpAsync, [new Gate().cell, 20], { itemsMax: 1 })
    yield* equalsAll(yield* Stream.runCollect(async), numbers(20), "items of an async one")
    yield* equals(yield* lane.run(echo, [1]), 1, "the next one's result")
  }),

  poolLaw("POOL-41", "a task is not further ahead than it may be", function* () {
    const { countUp } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    const gate = new Gate()
    let taken = 0
    const items = lane.stream(countUp, [gate.cell, 200], { itemsMax: 4 })
    yield* Stream.runForEachArray(items, (some) =>
      Effect.gen(function* () {
        // It may have begun one more than it may give, and these were given back just now.
        yield* isTrue(gate.count <= taken + 2 * 4 + 1, `Begun ${gate.count}, taken ${taken}`)
        taken += some.length
        yield* Effect.sleep("1 micros")
      })
    )
    yield* equals(taken, 200, "items")
  }),

  poolLaw("POOL-42", "who takes no more stops the task, which is returned from", function* () {
    const { countUp, echo } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    const gate = new Gate()
    const some = Stream.take(lane.stream(countUp, [gate.cell, 1_000_000], { itemsMax: 2 }), 5)
    yield* equalsAll(yield* Stream.runCollect(some), numbers(5), "items")
    yield* isTrue(isReturned(gate), "The generator should have been returned from")
    const second = new Gate()
    const endless = lane.stream(countUp, [second.cell, 1_000_000], { itemsMax: 2 })
    const taking = yield* Effect.forkScoped(Stream.runForEach(endless, () => Effect.never))
    yield* second.awaitCount(2)
    yield* Fiber.interrupt(taking)
    yield* isTrue(isReturned(second), "The generator should have been returned from")
    const { tasks: counted, threadCounts } = yield* lane.snapshot
    yield* equals(counted.terminated, 0, "terminated")
    yield* equals(threadCounts.lost, 0, "threads lost")
    yield* equals(yield* lane.run(echo, [1]), 1, "the next one's result")
  }),

  poolLaw("POOL-43", "a task that fails gives what it has given, then its failure", function* () {
    const { countUp, echo, giveFunctions } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    yield* failsAs("TaskFailed", Stream.runDrain(lane.stream(countUp, [new Gate().cell, -1])))
    const got: Array<unknown> = []
    const items = Stream.runForEach(lane.stream(giveFunctions, []), (item) =>
      Effect.sync(() => void got.push(item))
    )
    const { what } = yield* failsAs("NotCloneable", items)
    yield* equals(what, "result", "what")
    yield* equalsAll(got, [1], "items before")
    const bad = Stream.runDrain(lane.stream(giveFunctions, [], { itemsMax: 0 }))
    yield* failsAs("InvalidArgument", bad)
    yield* equals(yield* lane.run(echo, [1]), 1, "the next one's result")
  }),

  poolLaw("POOL-44", "a task asks the loop, and waits for the answer", function* () {
    const { sumOfDoubles } = yield* tasks
    const lane = yield* openLane({ threadsMax: 2 })
    const answer = LoopCall.handler(double, (value) =>
      Effect.as(Effect.sleep("1 millis"), value * 2)
    )
    const sum = lane.run(sumOfDoubles, [[1, 2, 3]], { calls: [answer] })
    yield* equalsAll(yield* Effect.all([sum, sum], { concurrency: 2 }), [12, 12], "sums")
  }),

  poolLaw("POOL-45", "a task is told why there is no answer", function* () {
    const { sumOfDoubles } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    yield* equals(yield* lane.run(sumOfDoubles, [[1]]), "NoHandler", "told")
    const failing = LoopCall.handler(double, () => Effect.fail("no"))
    const calls = [failing]
    yield* equals(yield* lane.run(sumOfDoubles, [[1]], { calls }), "Failed", "told")
    const uncloneable = LoopCall.handler(double, () => Effect.succeed((() => 1) as never))
    const told = yield* lane.run(sumOfDoubles, [[1]], { calls: [uncloneable] })
    yield* equals(told, "NotCloneable", "told")
  }),

  poolLaw("POOL-46", "a task that waits for an answer is told when it is to stop", function* () {
    const { echo, sumOfDoubles } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    let isAsked = false
    let isInterrupted = false
    const never = LoopCall.handler(double, () =>
      Effect.onInterrupt(
        Effect.andThen(
          Effect.sync(() => (isAsked = true)),
          Effect.never
        ),
        () => Effect.sync(() => (isInterrupted = true))
      )
    )
    const task = yield* lane.submit(sumOfDoubles, [[1]], { calls: [never] })
    while (!isAsked) yield* Effect.sleep("1 millis")
    yield* equals(yield* task.cancel({ grace: "10 seconds" }), "Ended", "outcome")
    yield* equals(yield* task.await, "Cancelled", "told")
    yield* equals(isInterrupted, true, "the handler's interruption")
    yield* equals(yield* lane.run(echo, [1]), 1, "the next one's result")
  })
])
