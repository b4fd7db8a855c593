/**
 * What a scheduler measures, as Effect's metrics: read when somebody asks, so keeping them costs
 * nothing.
 */
import * as Context from "effect/Context"
import * as Metric from "effect/Metric"
import { bounds } from "../../LoopHistogram.ts"
import type { LoopScheduler } from "../../LoopScheduler.ts"
import type { Histogram, LoopSnapshot } from "../../LoopSnapshot.ts"

type Read<A> = (snapshot: LoopSnapshot) => A

const prefix = "portico_loop_"

const counters: Readonly<Record<string, readonly [Read<number>, string]>> = {
  turns: [(one) => one.turns, "Turns in which the run queue was served"],
  tasks: [(one) => one.tasks, "Tasks taken off the run queue"],
  callbacks: [(one) => one.callbacks, "Callbacks of the host in which fibers ran"],
  slices: [(one) => one.slices, "Fibers told to yield because their slice was over"],
  put_off: [(one) => one.putOff, "Resumes put off to the next turn"]
}

const gauges: Readonly<Record<string, readonly [Read<number>, string]>> = {
  queue_length: [(one) => one.queueLength, "Tasks in the run queue"],
  fibers: [(one) => one.fibers, "Fibers that have started and not ended"],
  utilization: [(one) => one.utilization, "The part of time that the loop was busy, 0 to 1"]
}

const histograms: Readonly<Record<string, readonly [Read<Histogram>, string]>> = {
  turn_time_ms: [(one) => one.turnTime, "How long turns took"],
  lag_ms: [(one) => one.lag, "How late turns began"]
}

/** Effect's buckets are cumulative, and an empty one has no least value. */
export const toState = (histogram: Histogram): Metric.HistogramState => {
  let count = 0
  const buckets = histogram.buckets.map((bucket): [number, number] => {
    count += bucket.count
    return [bucket.upToMillis, count]
  })
  return {
    buckets,
    count: histogram.count,
    min: 0,
    max: histogram.maxMillis,
    sum: histogram.sumMillis
  }
}

const inert = { update: () => {}, modify: () => {} }

type Register = (scheduler: LoopScheduler, context: Context.Context<never>) => Metric.Registration

/** A metric's key in the registry is made once for each metric, and costs more than all else. */
const makeSeries = (): ReadonlyArray<Register> => [
  ...Object.entries(counters).map(([name, [read, description]]): Register => {
    const metric = Metric.counter(prefix + name, { description, incremental: true })
    return (scheduler, context) => {
      const get = () => ({ count: read(scheduler.snapshot()), incremental: true })
      return Metric.registerUnsafe(metric, context, { ...inert, get })
    }
  }),
  ...Object.entries(gauges).map(([name, [read, description]]): Register => {
    const metric = Metric.gauge(prefix + name, { description })
    return (scheduler, context) => {
      const get = () => ({ value: read(scheduler.snapshot()) })
      return Metric.registerUnsafe(metric, context, { ...inert, get })
    }
  }),
  ...Object.entries(histograms).map(([name, [read, description]]): Register => {
    const metric = Metric.histogram(prefix + name, { description, boundaries: bounds })
    return (scheduler, context) => {
      const get = () => toState(read(scheduler.snapshot()))
      return Metric.registerUnsafe(metric, context, { ...inert, get })
    }
  })
]

let series: ReadonlyArray<Register> | undefined

const register: (...of: Parameters<Register>) => ReadonlyArray<Metric.Registration> = (
  scheduler,
  context
) => (series ??= makeSeries()).map((one) => one(scheduler, context))

/** Who keeps the metrics of a registry, in order of their beginning. */
interface Keeper {
  readonly register: () => ReadonlyArray<Metric.Registration>
  registered: ReadonlyArray<Metric.Registration>
}

/** Those of a registry, on itself: see `observe`. */
const mark: unique symbol = Symbol("@portico/core/keepers")
interface Marked {
  [mark]?: Array<Keeper>
}

const keepersOf = (context: Context.Context<never>): Array<Keeper> =>
  ((Context.get(context, Metric.MetricRegistry) as Marked)[mark] ??= [])

const begin = (scheduler: LoopScheduler, context: Context.Context<never>): Keeper => {
  const keeper = { register: () => register(scheduler, context), registered: [] }
  keepersOf(context).push(keeper)
  return show(keeper)
}

const show = (keeper: Keeper): Keeper => {
  keeper.registered = keeper.register()
  return keeper
}

// A registry has one metric of a name: the last who began shows. When it ends, another one does.
const end = (keeper: Keeper, context: Context.Context<never>): void => {
  for (const one of keeper.registered) one.remove()
  const others = keepersOf(context)
  others.splice(others.indexOf(keeper), 1)
  const last = others.at(-1)
  if (last !== undefined) show(last)
}

/** Keeps the metrics registered until the function it gives is called. */
export const keepMetrics = (
  scheduler: LoopScheduler,
  context: Context.Context<never>
): (() => void) => {
  const keeper = begin(scheduler, context)
  return () => end(keeper, context)
}
