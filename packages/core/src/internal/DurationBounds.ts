/**
 * Durations against their bounds where no typed failure is meant for them: the options of a program
 * are its own text, so a wrong one is a bug there, thrown and hence a defect.
 */
import * as Duration from "effect/Duration"
import * as Formatter from "effect/Formatter"
import { millis } from "./Check.ts"

/** One day. */
export const dayMillis = 86_400_000

/** How long fibers that were interrupted may take to end, where nothing else was asked. */
export const interruptGrace = "1 second"

/** `value` in nanoseconds. Throws a `RangeError` that names `what`, its bounds and the value. */
export const nanosWithin = (
  what: string,
  value: Duration.Input,
  minMillis: number,
  maxMillis: number
): bigint => {
  const given = millis(value)
  if (given >= minMillis && given <= maxMillis) return Duration.toNanosUnsafe(value)
  const shown = Duration.isDuration(value) ? Duration.format(value) : Formatter.format(value)
  throw new RangeError(`${what} must be from ${minMillis} to ${maxMillis} milliseconds: ${shown}`)
}
