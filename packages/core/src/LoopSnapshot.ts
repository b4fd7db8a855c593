/**
 * What a loop has measured of itself since it began.
 *
 * Counts are exact. Times come from looks at the clock, which are taken every few steps; a turn or
 * a busy stretch is timed from its first step to its last. Where callbacks follow one another
 * without a wait, up to sixteen are one stretch, with what the host did between them.
 */

/** How often a value fell at or below each bound; bounds double from 1/16 ms. */
export interface Histogram {
  readonly count: number
  readonly sumMillis: number
  readonly maxMillis: number
  /** Not cumulative. The last bound is `Infinity`. */
  readonly buckets: ReadonlyArray<{ readonly upToMillis: number; readonly count: number }>
}

export interface LaneLength {
  readonly priority: number
  /** Woken, started or put off, and not run yet. */
  readonly fresh: number
  /** Used up a slice, and waiting for the next. */
  readonly spent: number
}

export interface LongStep {
  readonly millis: number
  readonly site: string
}

export interface LoopSnapshot {
  /** Turns in which the run queue was served. */
  readonly turns: number
  /** Tasks taken off the run queue. */
  readonly tasks: number
  /** Callbacks of the host (I/O, timers, promises) in which fibers ran. */
  readonly callbacks: number
  /** Fibers told to yield because their slice was over. */
  readonly slices: number
  /** Resumes put off to the next turn, by the guards for chains, promise loops and I/O. */
  readonly putOff: number
  /** The queue now, in the order in which lanes are served; empty lanes are left out. */
  readonly queue: ReadonlyArray<LaneLength>
  /** Tasks that stand in the queue now. */
  readonly queueLength: number
  /** Fibers that have started and not ended. */
  readonly fibers: number
  readonly turnTime: Histogram
  /** From arming a turn to its start: how late whatever is queued runs. */
  readonly lag: Histogram
  /** The part of time, 0 to 1, that the loop was busy; the host's own count where it has one. */
  readonly utilization: number
  /**
   * The longest steps and their sites, longest first; at most 8. Those below blame's threshold are
   * named 10 times a second, after a burst of 32, and where they are twice as long as any before.
   */
  readonly longestSteps: ReadonlyArray<LongStep>
}
