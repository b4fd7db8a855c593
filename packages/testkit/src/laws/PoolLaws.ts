/** Laws of running tasks in a lane: what comes back, and what a task that goes wrong costs. */
import { EventLoop, Task } from "@portico/core"
import * as Effect from "effect/Effect"
import { equals, equalsAll, isTrue, rejects, sameBytes } from "../Expectation.ts"
import { lawGroup } from "../Law.ts"
import { Gate, tasks } from "../LawTasks.ts"
import { failsAs, openLane, poolLaw } from "../PoolLaw.ts"

const many = Array.from({ length: 50 }, (_, index) => index)

const sample = {
  text: "ä–€ and plain",
  numbers: [0, -0, 1.5, -7, 2 ** 31, Number.NaN, Infinity],
  nested: { list: [[], [null, undefined, true]], empty: {} },
  long: "x".repeat(2_000)
}

export const PoolLaws = lawGroup("Tasks in lanes", [
  poolLaw(
    "POOL-15",
    "what a task gives is what its caller gets, whoever runs beside",
    function* () {
      const { echo } = yield* tasks
      const lane = yield* openLane({ threadsMax: 2 })
      const results = yield* Effect.forEach(many, (value) => lane.run(echo, [value]), {
        concurrency: "unbounded"
      })
      yield* equalsAll(results as ReadonlyArray<number>, many, "results")
    }
  ),

  poolLaw("POOL-16", "arguments and results are copies, down to the last part", function* () {
    const { echo } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    const copy = (yield* lane.run(echo, [sample])) as typeof sample
    yield* isTrue(copy !== sample && copy.numbers !== sample.numbers, "It should be a copy")
    yield* equals(copy.text, sample.text, "text")
    yield* equals(copy.long, sample.long, "a long text")
    yield* equalsAll(copy.numbers, sample.numbers, "numbers")
    yield* equalsAll(Object.keys(copy), Object.keys(sample), "keys")
    yield* equalsAll(copy.nested.list[1]!, sample.nested.list[1]!, "what is nested")
    const twice = (yield* lane.run(echo, [[sample.nested, sample.nested]])) as Array<object>
    yield* isTrue(twice[0] === twice[1], "What was one object should be one object again")
  }),

  poolLaw("POOL-17", "a buffer that is moved is the task's, and comes back moved", function* () {
    const { double } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    const bytes = new Uint8Array(100_000).fill(3)
    const doubled = yield* lane.run(double, [bytes], { transfer: [bytes.buffer] })
    yield* equals(bytes.byteLength, 0, "bytes that the caller still has")
    yield* sameBytes(doubled, new Uint8Array(100_000).fill(6), "what came back")
  }),

  poolLaw(
    "POOL-06",
    "a task that throws fails for its caller, and its token is free",
    function* () {
      const { echo, fail } = yield* tasks
      const lane = yield* openLane({ threadsMax: 1 })
      const { error } = yield* failsAs("TaskFailed", lane.run(fail, ["too far"]))
      yield* isTrue(error instanceof Error, "It should be an Error")
      yield* equals((error as Error).name, "RangeError", "name")
      yield* equals((error as Error).message, "too far", "message")
      yield* equals((yield* lane.snapshot).holders.length, 0, "tokens in use")
      yield* equals(yield* lane.run(echo, [1]), 1, "the next one's result")
    }
  ),

  poolLaw(
    "POOL-18",
    "what cannot be copied fails as NotCloneable, and costs nothing else",
    function* () {
      const { echo, giveFunction } = yield* tasks
      const lane = yield* openLane({ threadsMax: 1 })
      const sent = yield* failsAs("NotCloneable", lane.run(echo, [() => 1]))
      yield* equals(sent.what, "arguments", "what")
      const given = yield* failsAs("NotCloneable", lane.run(giveFunction, []))
      yield* equals(given.what, "result", "what")
      yield* equals(yield* lane.run(echo, [1]), 1, "the next one's result")
      yield* equals((yield* lane.snapshot).threadCounts.lost, 0, "threads lost")
    }
  ),

  poolLaw("POOL-19", "a function that is not there fails as TaskNotFound", function* () {
    const { echo } = yield* tasks
    const lane = yield* openLane({ threadsMax: 1 })
    const { task } = Task.module<{ readonly missing: () => void }>(echo.module)
    yield* failsAs("TaskNotFound", lane.run(task("missing"), []))
    const nowhere = Task.module<{ readonly missing: () => void }>("file:///nowhere/at-all.js")
    yield* failsAs("TaskNotFound", lane.run(nowhere.task("missing"), []))
    yield* equals(yield* lane.run(echo, [1]), 1, "the next one's result")
  }),

  poolLaw(
    "POOL-20",
    "a lane keeps the loop alive while it has a task, and no longer",
    function* () {
      const { echo, pass } = yield* tasks
      const lane = yield* openLane({ threadsMax: 1, name: "keeper" })
      const keeps = EventLoop.EventLoop.use((loop) =>
        Effect.map(loop.keptAliveBy, (lines) => lines.some((line) => line.includes("keeper")))
      )
      const gate = new Gate()
      yield* lane.run(echo, [1])
      yield* equals(yield* keeps, false, "kept alive by an idle one")
      const task = yield* lane.submit(pass, [gate.cell])
      yield* equals(yield* keeps, true, "kept alive while a task runs")
      yield* lane.unref
      yield* equals(yield* keeps, false, "kept alive once it is unref'd")
      yield* gate.open
      yield* equals(yield* task.await, 7, "result")
    }
  ),

  poolLaw(
    "POOL-21",
    "an option out of its bound is refused, by name, before anything starts",
    function* () {
      const { echo } = yield* tasks
      yield* rejects("threadsMax", openLane({ threadsMax: 0 }))
      yield* rejects("queueMax", openLane({ threadsMax: 1, queueMax: -1 }))
      yield* rejects("waitMax", openLane({ threadsMax: 1, waitMax: "2 days" }))
      yield* rejects("idleMax", openLane({ threadsMax: 1, idleMax: 0 }))
      yield* rejects("closeGrace", openLane({ threadsMax: 1, closeGrace: "1 hour" }))
      const lane = yield* openLane({ threadsMax: 1 })
      const late = yield* failsAs("InvalidArgument", lane.run(echo, [1], { grace: "1 hour" }))
      yield* equals(late.argument, "grace", "argument")
      const none = yield* failsAs("InvalidArgument", lane.resize({ threadsMax: 65 }))
      yield* equals(none.argument, "threadsMax", "argument")
      const wrong: ReadonlyArray<unknown> = [undefined, (value: number) => value]
      for (const task of wrong) {
        const { argument } = yield* failsAs("InvalidArgument", lane.run(task as never, []))
        yield* equals(argument, "task", "argument")
      }
      yield* equals((yield* lane.snapshot).tasks.submitted, 0, "tasks that were taken")
    }
  )
])
