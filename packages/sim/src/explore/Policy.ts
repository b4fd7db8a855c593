/**
 * What decides which of several things happens next, where hosts leave it open.
 *
 * A policy only proposes: `Scheduling` has each decision recorded, or made by a script instead. All
 * policies are asked at the same places, so that what one of them found is replayed without it.
 */
import type { Strand } from "../loop/Strand.ts"

export interface Policy {
  /** Which entry is next, counted from `entries[head]`, the oldest; there are at least two. */
  pick(entries: ReadonlyArray<Strand>, head: number): number
  /** How many tasks a phase runs: one of `Quota`. */
  quota(): Quota
  /** Whether the fiber of `strand` has to let others go first. Asked before each operation. */
  preempts(strand: Strand): boolean
  /** Whether a fiber that was woken waits for a step of its own, instead of running at once. */
  defers(strand: Strand): boolean
  /** How long a task that became ready is held back: 0 to `delaysMax` - 1. See `delayNanos`. */
  delay(strand: Strand): number
}

/** All, as hosts do; none; one; or a part. */
export const Quota = { all: 0, none: 1, one: 2, part: 3 } as const
export type Quota = (typeof Quota)[keyof typeof Quota]
export const quotas = 4

/** Steps of delay that there are: none, 1 ms, 2 ms, 4 ms and so on to 2 s. */
export const delaysMax = 13

export const delayNanos = (delay: number): number => (delay === 0 ? 0 : 500_000 * 2 ** delay)
