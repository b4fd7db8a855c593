/** What a program of this suite is told, as JSON in its first argument, and what it answers. */
import type { Measurements } from "../Metric.ts"

export interface Task {
  readonly program: Program
  /** Fibers, or what the program has of them. */
  readonly size: number
  /** How long one operation of a fiber that computes takes, beyond Effect's own cost; default 0. */
  readonly stepMicros?: number
  readonly warmSeconds: number
  /** Length of the timed window, for a program that runs as long as it is told. */
  readonly seconds: number
}

export type Program =
  | "echo-under"
  | "yields"
  | "forks"
  | "queue"
  | "deferred"
  | "chain"
  | "promise-loop"
  | "sleepers"

/** Long enough for either host's compilers to be done, and for the first collections. */
export const warmSeconds = 0.3

/** What the program measured of itself: the text after `done`. */
export type Outcome = Measurements
