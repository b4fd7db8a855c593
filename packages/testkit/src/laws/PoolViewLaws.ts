/** Laws of what a lane shows: metrics, holders of tokens; and of the lanes made beforehand. */
import { PoolLanes } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { equals, equalsAll, isTrue } from "../Expectation.ts"
import { lawGroup } from "../Law.ts"
import { Gate, tasks } from "../LawTasks.ts"
import { failsAs, openLane, poolLaw } from "../PoolLaw.ts"

/** The metrics of lanes of this name, by theirs. */
const metricsOf = (registry: Metric.MetricRegistry, lane: string) =>
  Effect.map(Effect.provideService(Metric.snapshot, Metric.MetricRegistry, registry), (all) => {
    const own = all.filter((one) => one.attributes?.["lane"] === lane)
    return new Map(own.map((one) => [one.id, one.state]))
  })

const figure = (metrics: Map<string, object>, id: string): unknown => {
  const state = Object(metrics.get(`portico_lane_${id}`)) as Record<string, unknown>
  return state["count"] ?? state["value"]
}

export const PoolViewLaws = lawGroup("What lanes show", [
  poolLaw("POOL-60", "what a lane counts shows as metrics, as long as it is open", function* () {
    const { echo, fail, pass } = yield* tasks
    const registry: Metric.MetricRegistry = new Map()
    yield* Effect.gen(function* () {
      const lane = yield* openLane({ threadsMax: 1, name: "counted" })
      yield* lane.run(echo, [1])
      yield* failsAs("TaskFailed", lane.run(fail, ["no"]))
      const gate = new Gate()
      const running = yield* lane.submit(pass, [gate.cell])
      const waiting = yield* lane.submit(echo, [2])
      yield* gate.awaitCount(1)
      const metrics = yield* metricsOf(registry, "counted")
      const ids = ["tasks_submitted", "tasks_succeeded", "tasks_failed", "threads_max", "waiting"]
      const figures = ids.map((id) => figure(metrics, id))
      yield* equalsAll(figures, [4, 1, 1, 1, 1], ids.join(", "))
      yield* equals(figure(metrics, "tokens_in_use"), 1, "tokens_in_use")
      yield* equals(figure(metrics, "run_time_ms"), 2, "times of tasks that have run")
      yield* gate.open
      yield* running.await
      yield* waiting.await
    }).pipe(Effect.scoped, Effect.provideService(Metric.MetricRegistry, registry))
    yield* equals((yield* metricsOf(registry, "counted")).size, 0, "metrics of a closed lane")
  }),

  poolLaw("POOL-61", "the lanes that are made beforehand do not delay each other", function* () {
    const { echo, pass } = yield* tasks
    const gate = new Gate()
    yield* Effect.gen(function* () {
      const { cpu, files, lookup, user } = yield* PoolLanes.PoolLanes
      const names = [cpu, files, lookup, user].map((lane) => lane.name)
      yield* equalsAll(names, ["cpu", "files", "lookup", "user"], "names")
      const running = yield* cpu.submit(pass, [gate.cell])
      const waiting = yield* cpu.submit(echo, [1])
      yield* equals(yield* user.run(echo, [2]), 2, "result of another lane")
      yield* gate.awaitCount(1)
      const { holders } = yield* cpu.snapshot
      yield* equals(holders.length, 1, "holders")
      yield* isTrue(holders[0]!.task!.startsWith("pass of "), "The holder should be named")
      yield* gate.open
      yield* running.await
      yield* waiting.await
    }).pipe(Effect.scoped, Effect.provide(PoolLanes.layer({ cpu: { threadsMax: 1 } })))
  })
])
