/** Laws of what a loop measures of itself. */
import { EventLoop, type LoopSnapshot } from "@portico/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import * as Scope from "effect/Scope"
import { openLoop } from "../AnotherLoop.ts"
import { equals, equalsAll, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { spin } from "../Spinning.ts"
import { eventually, nextTurn } from "../Turns.ts"

const snapshot = EventLoop.EventLoop.use((loop) => loop.snapshot)

const counters = ["turns", "tasks", "callbacks", "slices", "putOff"] as const

const isSound = (histogram: LoopSnapshot.Histogram, name: string) =>
  Effect.gen(function* () {
    const { buckets, count, maxMillis, sumMillis } = histogram
    const inBuckets = buckets.reduce((sum, bucket) => sum + bucket.count, 0)
    yield* equals(inBuckets, count, `${name}: values in buckets`)
    const isOrdered = buckets.every(
      ({ upToMillis }, index) => index === 0 || buckets[index - 1]!.upToMillis < upToMillis
    )
    yield* isTrue(isOrdered, `${name}: bounds should grow`)
    yield* equals(buckets.at(-1)?.upToMillis, Infinity, `${name}: the last bound`)
    const isPossible = maxMillis >= 0 && sumMillis >= maxMillis && sumMillis <= maxMillis * count
    yield* isTrue(isPossible || count === 0, `${name}: ${count} of ${maxMillis} are ${sumMillis}`)
  })

/** Each waits for the one before it; the first is woken by the caller. */
const chain = (links: number) =>
  Effect.gen(function* () {
    const gates = Array.from({ length: links + 1 }, () => Deferred.makeUnsafe<void>())
    for (let link = 0; link < links; link++) {
      yield* Effect.forkChild(
        Effect.andThen(Deferred.await(gates[link]!), Deferred.succeed(gates[link + 1]!, undefined)),
        { startImmediately: true }
      )
    }
    yield* Deferred.succeed(gates[0]!, undefined)
    yield* Deferred.await(gates[links]!)
  })

const metricNames = [
  "callbacks",
  "fibers",
  "lag_ms",
  "put_off",
  "queue_length",
  "slices",
  "tasks",
  "turn_time_ms",
  "turns",
  "utilization"
].map((name) => `portico_loop_${name}`)

const loopMetrics = (registry: Metric.MetricRegistry) =>
  Effect.map(Effect.provideService(Metric.snapshot, Metric.MetricRegistry, registry), (all) =>
    all.filter(({ id }) => id.startsWith("portico_loop_"))
  )

export const LoadLaws = lawGroup("Loop figures", [
  law("LOAD-01", "counters only grow, and count turns and tasks", function* () {
    const before = yield* snapshot
    // Of the tasks of one turn there may be many; a callback of the host ends it.
    for (let time = 0; time < 20; time++) yield* Effect.andThen(Effect.yieldNow, nextTurn)
    const after = yield* snapshot
    for (const name of counters) {
      const [was, is] = [before[name], after[name]]
      yield* isTrue(is >= was, `${name} was ${was} and is ${is}`)
    }
    yield* isTrue(after.tasks >= before.tasks + 20, `${after.tasks - before.tasks} tasks of 20`)
    yield* isTrue(after.turns > before.turns, `Still in turn ${after.turns}`)
    yield* isSound(after.turnTime, "turn time")
    yield* isSound(after.lag, "lag")
    yield* isTrue(after.turnTime.count > before.turnTime.count, "Turns should be timed")
    yield* isTrue(after.lag.count > before.lag.count, "Turns should be timed from their arming")
    const { utilization } = after
    yield* isTrue(utilization >= 0 && utilization <= 1, `It was busy ${utilization} of the time`)
  }),

  law("LOAD-02", "fibers that used up their slice are counted", function* () {
    const before = yield* snapshot
    const spinner = yield* Effect.forkChild(spin)
    yield* eventually(
      "slices are counted",
      Effect.map(snapshot, ({ slices }) => slices >= before.slices + 3)
    )
    yield* Fiber.interrupt(spinner)
  }),

  law("LOAD-03", "resumes that were put off are counted", function* () {
    const before = yield* snapshot
    yield* chain(500)
    const { putOff } = yield* snapshot
    yield* isTrue(putOff > before.putOff, "Of a chain of 500 resumes, some should be put off")
  }),

  law("LOAD-04", "the queue is told by lane, in the order in which lanes are served", function* () {
    // A step of its own, so that nothing queued here is served before it is counted.
    yield* Effect.yieldNow
    const waiting = yield* Effect.forEach([7, 3, 7, 3, 3], (priority) =>
      Effect.forkChild(Effect.yieldNowWith(priority), { startImmediately: true })
    )
    const { queue, queueLength } = yield* snapshot
    const lengthOf = (wanted: number) => {
      const lane = queue.find(({ priority }) => priority === wanted)
      return lane === undefined ? 0 : lane.fresh + lane.spent
    }
    yield* equals(lengthOf(3), 3, "tasks of priority 3")
    yield* equals(lengthOf(7), 2, "tasks of priority 7")
    const priorities = queue.map(({ priority }) => priority)
    yield* equalsAll(
      priorities,
      priorities.toSorted((a, b) => a - b),
      "lanes"
    )
    const inLanes = queue.reduce((sum, { fresh, spent }) => sum + fresh + spent, 0)
    yield* equals(queueLength, inLanes, "tasks in the queue")
    yield* Fiber.joinAll(waiting)
  }),

  law("LOAD-05", "fibers are counted as they are listed", function* () {
    const { fibers } = yield* EventLoop.EventLoop
    yield* Effect.forEach([1, 2, 3], () =>
      Effect.forkChild(Effect.never, { startImmediately: true })
    )
    yield* equals((yield* snapshot).fibers, (yield* fibers).length, "fibers")
  }),

  law("LOAD-06", "the figures are metrics for as long as the backend lives", function* () {
    const registry: Metric.MetricRegistry = new Map()
    const inRegistry = Effect.provideService(Metric.MetricRegistry, registry)
    const metrics = loopMetrics(registry)
    const scope = yield* Scope.make()
    yield* inRegistry(openLoop(scope))
    yield* eventually(
      "a turn is over",
      Effect.andThen(
        Effect.yieldNow,
        Effect.map(snapshot, ({ turns }) => turns > 0)
      )
    )
    const found = yield* metrics
    yield* equalsAll(found.map(({ id }) => id).toSorted(), metricNames, "metrics")
    const turns = found.find(({ id }) => id === "portico_loop_turns")
    const count = turns?.type === "Counter" ? turns.state.count : Number.NaN
    const { turns: counted } = yield* snapshot
    yield* isTrue(count > 0 && count <= counted, `${count} turns of ${counted}`)
    yield* Scope.close(scope, Exit.void)
    yield* equals((yield* metrics).length, 0, "metrics of a backend that has ended")
  }),

  law("LOAD-07", "a backend that ends leaves the metrics of another one alone", function* () {
    const registry: Metric.MetricRegistry = new Map()
    const inRegistry = Effect.provideService(Metric.MetricRegistry, registry)
    const [first, second, third] = [yield* Scope.make(), yield* Scope.make(), yield* Scope.make()]
    for (const scope of [first, second, third]) yield* inRegistry(openLoop(scope))
    for (const scope of [third, first]) {
      yield* Scope.close(scope, Exit.void)
      yield* equals((yield* loopMetrics(registry)).length, metricNames.length, "metrics")
    }
    yield* Scope.close(second, Exit.void)
    yield* equals((yield* loopMetrics(registry)).length, 0, "metrics when all have ended")
  })
])
