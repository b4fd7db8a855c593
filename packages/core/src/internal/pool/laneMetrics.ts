/**
 * What a lane counts, as Effect's metrics, with its name and the number of its handle as
 * attributes: read when somebody asks, so keeping them costs nothing.
 */
import type * as Context from "effect/Context"
import * as Metric from "effect/Metric"
import type { LaneSnapshot } from "../../LaneSnapshot.ts"
import { bounds } from "../../LoopHistogram.ts"
import { toState } from "../loop/loopMetrics.ts"
import type { LaneHandle } from "./LaneHandle.ts"
import { snapshotOf } from "./laneSnapshot.ts"

const prefix = "portico_lane_"

type Read = (snapshot: LaneSnapshot) => number

const counters: Readonly<Record<string, readonly [Read, string]>> = {
  tasks_submitted: [(one) => one.tasks.submitted, "Tasks that were taken"],
  tasks_refused: [(one) => one.tasks.refused, "Tasks that were refused, as too many wait"],
  tasks_succeeded: [(one) => one.tasks.succeeded, "Tasks that gave a result"],
  tasks_failed: [(one) => one.tasks.failed, "Tasks that ended otherwise"],
  tasks_timed_out: [(one) => one.tasks.timedOut, "Tasks that gave up waiting"],
  tasks_terminated: [(one) => one.tasks.terminated, "Tasks whose thread was ended"],
  tasks_crashed: [(one) => one.tasks.crashed, "Tasks that ended their thread"],
  threads_started: [(one) => one.threadCounts.started, "Threads that were started"],
  threads_lost: [(one) => one.threadCounts.lost, "Threads that ended unasked"]
}

const gauges: Readonly<Record<string, readonly [Read, string]>> = {
  threads: [(one) => one.threads, "Threads that are alive or start"],
  threads_max: [(one) => one.threadsMax, "Threads that there may be"],
  waiting: [(one) => one.waiting, "Tasks that wait for a thread"],
  tokens_in_use: [(one) => one.holders.length, "Tasks that run, and holders of tokens"]
}

const histograms = {
  wait_time_ms: [(one: LaneSnapshot) => one.waitTime, "How long tasks waited for a thread"],
  run_time_ms: [(one: LaneSnapshot) => one.runTime, "How long tasks ran"]
} as const

const inert = { update: () => {}, modify: () => {} }

/** Keeps them registered until the function it gives is called. */
export const keepLaneMetrics = (
  { id, name, work }: LaneHandle,
  context: Context.Context<never>
): (() => void) => {
  const attributes = { lane: name, handle: String(id) }
  const registered = [
    ...Object.entries(counters).map(([key, [read, description]]) => {
      const options = { description, attributes, incremental: true as const }
      const get = () => ({ count: read(snapshotOf(work)), incremental: true })
      const metric = Metric.counter(prefix + key, options)
      return Metric.registerUnsafe(metric, context, { ...inert, get })
    }),
    ...Object.entries(gauges).map(([key, [read, description]]) => {
      const get = () => ({ value: read(snapshotOf(work)) })
      const metric = Metric.gauge(prefix + key, { description, attributes })
      return Metric.registerUnsafe(metric, context, { ...inert, get })
    }),
    ...Object.entries(histograms).map(([key, [read, description]]) => {
      const get = () => toState(read(snapshotOf(work)))
      const options = { description, attributes, boundaries: bounds }
      return Metric.registerUnsafe(Metric.histogram(prefix + key, options), context, {
        ...inert,
        get
      })
    })
  ]
  return () => {
    for (const one of registered) one.remove()
  }
}
