/**
 * A suite measures the same contestants in a few cases.
 *
 * A suite knows how to give one contestant one turn. Turns, rounds, medians and reports are the
 * same for every suite and live elsewhere.
 */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type { Contestant } from "./Contestant.ts"
import type { Failure } from "./Failure.ts"
import type { Measurements } from "./Metric.ts"
import type { Pinning } from "./Pinning.ts"

export interface Turn {
  readonly contestant: Contestant
  /** How long the timed window lasts. */
  readonly seconds: number
  readonly pinning: Pinning
  /** Whether to count system calls too, after the window; it slows the contestant down. */
  readonly isTraced: boolean
  /** Whether a program that measures itself samples itself too, in its window. */
  readonly isSampled?: boolean
}

export interface Case {
  readonly name: string
  /** One sentence for the person who reads the report. */
  readonly summary: string
  /** Every process it starts ends with the scope. */
  readonly measure: (
    turn: Turn
  ) => Effect.Effect<Measurements, Failure, ChildProcessSpawner | Scope.Scope>
}

export interface Suite {
  readonly name: string
  readonly summary: string
  /** What ratios are taken to, in words: the contestants named in `ratioTo`. */
  readonly baseline: string
  readonly contestants: ReadonlyArray<Contestant>
  readonly cases: ReadonlyArray<Case>
  /** Peers that were looked for and not found, and why: said in the report, not faked. */
  readonly absent?: ReadonlyArray<string>
}
