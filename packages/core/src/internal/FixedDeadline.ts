/** Deadlines as plain values, and what a caller may write where one is wanted. */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Formatter from "effect/Formatter"
import type { Deadline, Input } from "../Deadline.ts"
import { millis } from "./Check.ts"

export const TypeId = "~@portico/core/Deadline"
export type TypeId = typeof TypeId

export const isDeadline = (value: unknown): value is Deadline =>
  typeof value === "object" && value !== null && TypeId in value

export class FixedDeadline implements Deadline {
  readonly [TypeId]: TypeId = TypeId
  readonly nanos: bigint | undefined
  readonly name: string | undefined

  constructor(nanos: bigint | undefined, name: string | undefined) {
    this.nanos = nanos
    this.name = name
  }
}

/** The deadline meant by `input`; a duration counts from now. Throws for what is no duration. */
export const resolve = (input: Input, clock: Clock.Clock, name?: string): Deadline => {
  if (isDeadline(input)) return input
  const left = millis(input)
  // The program's own text, so a wrong one is a bug there: thrown, hence a defect.
  if (Number.isNaN(left)) {
    throw new RangeError(`A deadline must be a duration: ${Formatter.format(input)}`)
  }
  const duration = Duration.fromInputUnsafe(input)
  const label = name ?? Duration.format(duration)
  if (left === Infinity) return new FixedDeadline(undefined, label)
  const nanos = left === -Infinity ? 0n : Duration.toNanosUnsafe(duration)
  return new FixedDeadline(clock.monotonicTimeNanosUnsafe() + nanos, label)
}

/** Whether `left` comes before `right`; one that never comes is the latest. */
export const isEarlier = (left: Deadline, right: Deadline): boolean =>
  left.nanos !== undefined && (right.nanos === undefined || left.nanos < right.nanos)

export const hasPassed = (deadline: Deadline, clock: Clock.Clock): boolean =>
  deadline.nanos !== undefined && clock.monotonicTimeNanosUnsafe() >= deadline.nanos
