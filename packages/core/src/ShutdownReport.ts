/**
 * How an ordered shutdown went, part by part. `interrupted` and `left` mean what they mean in a
 * server's `DrainReport`, counted in parts.
 */
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import type { Deadline } from "./Deadline.ts"

/** How stopping one part ended. */
export type Outcome = Data.TaggedEnum<{
  /** By itself. `value` is what it gave, such as a server's `DrainReport`. */
  Finished: { readonly value: unknown }
  /** With a failure or a defect of its own. */
  Failed: { readonly cause: Cause.Cause<unknown> }
  /** Its own doing, or because the whole shutdown was interrupted. */
  Interrupted: {}
  /** Interrupted, because its own time or that of the whole was over; `deadline` is which. */
  TimedOut: { readonly deadline: Deadline }
}>

export const Outcome = Data.taggedEnum<Outcome>()

export interface PartReport {
  readonly name: string
  readonly stage: string | undefined
  readonly outcome: Outcome
  /** From when it was asked to stop until it had, or was given up. */
  readonly took: Duration.Duration
  /** It ignored its interruption and still runs: given up, without an owner. */
  readonly isLeft: boolean
}

export interface ShutdownReport {
  /** In the order in which they were asked to stop. */
  readonly parts: ReadonlyArray<PartReport>
  readonly took: Duration.Duration
  /** Parts that finished, failed, were interrupted, and timed out; together all of them. */
  readonly finished: number
  readonly failed: number
  readonly interrupted: number
  readonly timedOut: number
  /** Of those interrupted or timed out: still running. */
  readonly left: number
}

export const make = (parts: ReadonlyArray<PartReport>, took: Duration.Duration): ShutdownReport => {
  const count = (tag: Outcome["_tag"]) => parts.filter(({ outcome }) => outcome._tag === tag).length
  return {
    parts,
    took,
    finished: count("Finished"),
    failed: count("Failed"),
    interrupted: count("Interrupted"),
    timedOut: count("TimedOut"),
    left: parts.filter(({ isLeft }) => isLeft).length
  }
}

/** A line for the whole and one for each part, for people. */
export const format = (report: ShutdownReport): string =>
  [
    `Stopped ${report.finished} of ${report.parts.length} parts in ${millis(report.took)}`,
    ...report.parts.map(formatPart)
  ].join("\n")

const millis = (duration: Duration.Duration): string =>
  `${Math.round(Duration.toMillis(duration))} ms`

const formatPart = ({ isLeft, name, outcome, took }: PartReport): string =>
  `${name}: ${formatOutcome(outcome)} after ${millis(took)}${isLeft ? ", still runs" : ""}`

const formatOutcome = (outcome: Outcome): string => {
  switch (outcome._tag) {
    case "Finished":
      return "finished"
    case "Failed":
      return `failed (${Cause.pretty(outcome.cause).split("\n")[0]})`
    case "Interrupted":
      return "interrupted"
    case "TimedOut":
      return `timed out (${outcome.deadline.name})`
  }
}
