/** Deadlines as plain values, and what a caller may write where one is wanted. */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Formatter from "effect/Formatter"
import type { Deadline, Input } from "../../Deadline.ts"

export const TypeId = "~@portico/core/Deadline"
export type TypeId = typeof TypeId

export const isDeadline = (value: unknown): value is Deadline =>
  typeof value === "object" && value !== null && TypeId in value

export class FixedDeadline implements Deadline {
  readonly [TypeId]: TypeId = TypeId
  readonly nanos: bigint | undefined
  private readonly label: string | Duration.Duration | undefined

  /** Without a name of its own, it is called by the duration that it was made of. */
  constructor(nanos: bigint | undefined, label: string | Duration.Duration | undefined) {
    this.nanos = nanos
    this.label = label
  }

  get name(): string | undefined {
    return Duration.isDuration(this.label) ? Duration.format(this.label) : this.label
  }
}

// The program's own text, so a wrong one is a bug there: thrown, hence a defect.
const parse = (input: Duration.Input): Duration.Duration => {
  try {
    // Effect takes NaN for zero.
    if (!Number.isNaN(input)) return Duration.fromInputUnsafe(input)
  } catch {
    // Told below, in our words.
  }
  throw new RangeError(`A deadline must be a duration: ${Formatter.format(input)}`)
}

/** The deadline meant by `input`; a duration counts from now. Throws for what is no duration. */
export const resolve = (input: Input, clock: Clock.Clock, name?: string): Deadline => {
  if (isDeadline(input)) return input
  const duration = parse(input)
  const millis = Duration.toMillis(duration)
  if (millis === Infinity) return new FixedDeadline(undefined, name ?? duration)
  const nanos = millis === -Infinity ? 0n : Duration.toNanosUnsafe(duration)
  return new FixedDeadline(clock.monotonicTimeNanosUnsafe() + nanos, name ?? duration)
}

/** Whether `left` comes before `right`; one that never comes is the latest. */
export const isEarlier = (left: Deadline, right: Deadline): boolean =>
  left.nanos !== undefined && (right.nanos === undefined || left.nanos < right.nanos)

export const hasPassed = (deadline: Deadline, clock: Clock.Clock): boolean =>
  deadline.nanos !== undefined && clock.monotonicTimeNanosUnsafe() >= deadline.nanos
