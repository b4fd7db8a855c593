/**
 * Arguments against their bounds, before anything is attempted: the failure, or undefined when
 * fine.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { IoError } from "../IoError.ts"
import { Reason } from "../Reason.ts"

/** What `readExactly` and `readUntil` may collect for one stream: 64 MiB. */
export const framedBytesMax = 64 * 1024 * 1024

type Failure = Effect.Effect<never, IoError>

export const invalid = (
  operation: string,
  argument: string,
  bound: string,
  value: unknown
): Failure =>
  Effect.suspend(() => {
    const reason = Reason.InvalidArgument({ argument, bound, value: String(value) })
    return Effect.fail(new IoError({ operation, reason }))
  })

export const unsupported = (operation: string, capability: string, backend: string): Failure =>
  Effect.suspend(() =>
    Effect.fail(new IoError({ operation, reason: Reason.Unsupported({ capability, backend }) }))
  )

export const integer = (
  operation: string,
  argument: string,
  value: number,
  min: number,
  max: number,
  unit = "an integer"
): Failure | undefined =>
  Number.isInteger(value) && value >= min && value <= max
    ? undefined
    : invalid(operation, argument, `${unit} from ${min} to ${max}`, value)

export const notEmpty = (
  operation: string,
  argument: string,
  value: { readonly length: number }
): Failure | undefined =>
  value.length > 0 ? undefined : invalid(operation, argument, "at least 1 long", value.length)

/** A duration in milliseconds, NaN for what is none. (Effect takes NaN for zero.) */
export const millis = (input: Duration.Input): number => {
  if (Number.isNaN(input)) return Number.NaN
  try {
    return Duration.toMillis(Duration.fromInputUnsafe(input))
  } catch {
    return Number.NaN
  }
}

export const duration = (
  operation: string,
  argument: string,
  value: Duration.Input,
  maxMillis: number,
  minMillis = 0
): Failure | undefined => {
  const given = millis(value)
  return given >= minMillis && given <= maxMillis
    ? undefined
    : invalid(
        operation,
        argument,
        `a duration from ${minMillis} to ${maxMillis} ms`,
        Duration.isDuration(value) ? given : value
      )
}
