/** Laws of lanes whose tasks run in processes of their own. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { equals, equalsAll, isTrue, sameBytes } from "../Expectation.ts"
import { lawGroup } from "../Law.ts"
import { Gate, tasks } from "../LawTasks.ts"
import { failsAs, openLane, poolLaw } from "../PoolLaw.ts"

const processes = (threadsMax: number) =>
  openLane({ threadsMax, isolation: "processes", closeGrace: 0 })

const longerThan = { longerThan: "processes are started" }

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

export const PoolProcessLaws = lawGroup("Tasks in processes", [
  poolLaw(
    "POOL-50",
    "what a task in a process gives is what its caller gets",
    function* () {
      const { double, echo, fail } = yield* tasks
      const lane = yield* processes(2)
      const results = yield* Effect.forEach(numbers(20), (value) => lane.run(echo, [value]), {
        concurrency: "unbounded"
      })
      yield* equalsAll(results as ReadonlyArray<number>, numbers(20), "results")
      const { error } = yield* failsAs("TaskFailed", lane.run(fail, ["too far"]))
      yield* equals((error as Error).message, "too far", "message")
      const bytes = new Uint8Array(100_000).fill(3)
      const doubled = yield* lane.run(double, [bytes], { transfer: [bytes.buffer] })
      yield* equals(bytes.byteLength, 0, "bytes that the caller still has")
      yield* sameBytes(new Uint8Array(doubled), new Uint8Array(100_000).fill(6), "what came back")
    },
    longerThan
  ),

  poolLaw(
    "POOL-51",
    "a signal that ends a process costs the task that runs there, and no other",
    function* () {
      const { echo, kill } = yield* tasks
      const lane = yield* processes(1)
      const killed = yield* lane.submit(kill, ["SIGSEGV"])
      const waiting = yield* lane.submit(echo, [1])
      const { signal } = yield* failsAs("WorkerKilled", killed.await)
      yield* equals(signal, "SIGSEGV", "signal")
      yield* equals(yield* waiting.await, 1, "the result of one that waited")
      const { tasks: counted, threadCounts } = yield* lane.snapshot
      yield* equals(counted.crashed, 1, "crashed")
      yield* equals(threadCounts.lost, 1, "processes lost")
    },
    longerThan
  ),

  poolLaw(
    "POOL-52",
    "a callback that throws in a process costs the task that runs there",
    function* () {
      const { crash, echo } = yield* tasks
      const lane = yield* processes(1)
      const { error } = yield* failsAs("WorkerCrashed", lane.run(crash, ["nobody caught it"]))
      yield* equals((error as Error).message, "nobody caught it", "message")
      yield* equals(yield* lane.run(echo, [1]), 1, "the next one's result")
    },
    longerThan
  ),

  poolLaw(
    "POOL-53",
    "a task in a process sees that it is to stop, though it computes",
    function* () {
      const { echo, giveThenObey, spin } = yield* tasks
      const lane = yield* processes(1)
      let isStarted = false
      const started = Effect.sync(() => (isStarted = true))
      const obeying = yield* Effect.forkScoped(
        Stream.runForEach(lane.stream(giveThenObey, [], { grace: "1 minute" }), () => started)
      )
      while (!isStarted) yield* Effect.sleep("1 millis")
      yield* Fiber.interrupt(obeying)
      yield* equals((yield* lane.snapshot).threadCounts.lost, 0, "processes lost")
      const spinning = yield* lane.submit(spin, [])
      while ((yield* spinning.state) === "Waiting") yield* Effect.sleep("1 millis")
      yield* equals(yield* spinning.cancel({ grace: 0 }), "Terminated", "outcome")
      const { tasks: counted } = yield* lane.snapshot
      yield* equals(counted.terminated, 1, "terminated")
      yield* equals(yield* lane.run(echo, [1]), 1, "the next one's result")
    },
    longerThan
  ),

  poolLaw(
    "POOL-54",
    "what cannot be copied to a process fails as NotCloneable, and costs nothing else",
    function* () {
      const { countUp, echo, giveFunction, giveFunctions } = yield* tasks
      const lane = yield* processes(1)
      const sent = yield* failsAs("NotCloneable", lane.run(echo, [() => 1]))
      yield* equals(sent.what, "arguments", "what")
      const given = yield* failsAs("NotCloneable", lane.run(giveFunction, []))
      yield* equals(given.what, "result", "what")
      yield* failsAs("NotCloneable", Stream.runDrain(lane.stream(giveFunctions, [])))
      const shared = lane.stream(countUp, [new Gate().cell, 1])
      yield* failsAs("NotCloneable", Stream.runDrain(shared))
      const { threadCounts } = yield* lane.snapshot
      yield* isTrue(threadCounts.started === 1 && threadCounts.lost === 0, "One process will do")
    },
    longerThan
  )
])
