/** The options of lanes and tasks against their bounds. */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { IoError } from "../../IoError.ts"
import type { LaneBounds, LaneOptions, RunOptions } from "../../PoolOptions.ts"
import { PoolReason } from "../../PoolReason.ts"
import * as Check from "../Check.ts"

const operation = "BlockingPool.openLane"

export const threadsMaxMax = 64
/** Workers of a lane, those that were told to end and still run included. */
export const workersMax = 3 * threadsMaxMax
const queueMaxMax = 1_000_000
const dayMillis = 86_400_000
const graceMillisMax = 600_000

export const defaults = {
  name: "lane",
  queueMax: 1_000,
  waitMaxMillis: 30_000,
  idleMaxMillis: 10_000,
  graceMillis: 1_000,
  itemsMax: 16
}

/** The bounds in force, as plain numbers. */
export interface Bounds {
  readonly threadsMax: number
  readonly queueMax: number
  readonly waitMaxMillis: number
}

const badInteger = (
  argument: string,
  value: number | undefined,
  min: number,
  max: number
): PoolReason | undefined =>
  value === undefined || (Number.isInteger(value) && value >= min && value <= max)
    ? undefined
    : PoolReason.InvalidArgument({
        argument,
        bound: `an integer from ${min} to ${max}`,
        value: String(value)
      })

const badDuration = (
  argument: string,
  value: Duration.Input | undefined,
  maxMillis: number
): PoolReason | undefined => {
  if (value === undefined) return undefined
  const millis = Check.millis(value)
  if (millis >= 0 && millis <= maxMillis) return undefined
  const bound = `a duration from 0 to ${maxMillis} ms`
  return PoolReason.InvalidArgument({ argument, bound, value: `${millis} ms` })
}

export const badBounds = (bounds: Partial<LaneBounds>): PoolReason | undefined =>
  badInteger("threadsMax", bounds.threadsMax, 1, threadsMaxMax) ??
  badInteger("queueMax", bounds.queueMax, 0, queueMaxMax) ??
  badDuration("waitMax", bounds.waitMax, dayMillis)

/** A function instead of its reference, say: only untyped code gets as far. */
export const badTask = (task: unknown): PoolReason | undefined => {
  const { export: name, module } = (task ?? {}) as { readonly export?: unknown; module?: unknown }
  if (typeof module === "string" && typeof name === "string") return undefined
  const value = typeof task === "function" ? `a function, ${task.name}` : String(task)
  return PoolReason.InvalidArgument({ argument: "task", bound: "a task of Task.module", value })
}

export const badRunOptions = (options: RunOptions): PoolReason | undefined =>
  badDuration("waitMax", options.waitMax, dayMillis) ?? badGrace(options.grace)

export const badItemsMax = (itemsMax: number): PoolReason | undefined =>
  badInteger("itemsMax", itemsMax, 1, 10_000)

export const badGrace = (grace: Duration.Input | undefined): PoolReason | undefined =>
  badDuration("grace", grace, graceMillisMax)

/** `bounds` as changed by what is given. */
export const changed = (bounds: Bounds, by: Partial<LaneBounds>): Bounds => ({
  threadsMax: by.threadsMax ?? bounds.threadsMax,
  queueMax: by.queueMax ?? bounds.queueMax,
  waitMaxMillis: millisOf(by.waitMax, bounds.waitMaxMillis)
})

export const millisOf = (input: Duration.Input | undefined, otherwise: number): number =>
  input === undefined ? otherwise : Check.millis(input)

/** Of `openLane`. */
export const checkLane = (
  options: LaneOptions,
  canLimitHeap: boolean,
  backendName: string
): Effect.Effect<never, IoError> | undefined => {
  const bounds = badBounds(options)
  if (bounds?._tag === "InvalidArgument") {
    return Check.invalid(operation, bounds.argument, bounds.bound, bounds.value)
  }
  const { closeGrace = 0, heapMaxMiB, idleMax = defaults.idleMaxMillis } = options
  if (heapMaxMiB !== undefined && !canLimitHeap) {
    return Check.unsupported(operation, "workerHeapLimit", backendName)
  }
  return (
    Check.integer(operation, "heapMaxMiB", heapMaxMiB ?? 16, 16, 1_048_576) ??
    Check.duration(operation, "idleMax", idleMax, dayMillis, 10) ??
    Check.duration(operation, "closeGrace", closeGrace, graceMillisMax)
  )
}
