/** What a lane is doing, and what it has counted since it was opened. */
import type { Histogram } from "./LoopSnapshot.ts"

/** Who has a token. */
export interface TokenHolder {
  /** The worker that runs it, from 1; undefined for `PoolLane.hold`. */
  readonly worker: number | undefined
  /** `sha256 of file:///app/hashing.ts`; undefined for `PoolLane.hold`. */
  readonly task: string | undefined
  /** Who asked for it; 0 where it is unknown. */
  readonly fiberId: number
  /** Nobody waits for it any more. */
  readonly isAbandoned: boolean
  /** It was asked to stop, or is being ended. */
  readonly isCancelled: boolean
}

export interface LaneCounters {
  /** Tasks that were taken. */
  readonly submitted: number
  /** Refused as `PoolFull`. */
  readonly refused: number
  readonly succeeded: number
  /** Ended otherwise, whatever the reason; the next ones are among them. */
  readonly failed: number
  /** Gave up waiting (`WaitTimedOut`). */
  readonly timedOut: number
  /** Were cancelled, closed or interrupted before they started. */
  readonly neverStarted: number
  /** Their thread was ended, because they did not stop. */
  readonly terminated: number
  /** They ended their thread themselves, crashed it, or ran out of memory. */
  readonly crashed: number
}

export interface ThreadCounters {
  readonly started: number
  /** Ended since they were idle, or too many. */
  readonly retired: number
  /** Ended with a task, or without one by themselves. */
  readonly lost: number
}

export interface LaneSnapshot {
  readonly threadsMax: number
  readonly queueMax: number
  readonly waitMaxMillis: number
  /** Alive or starting, without those that were told to end. */
  readonly threads: number
  /** Tasks that wait for a thread. */
  readonly waiting: number
  /** In no order. As many tokens are in use. */
  readonly holders: ReadonlyArray<TokenHolder>
  readonly tasks: LaneCounters
  readonly threadCounts: ThreadCounters
  /** From being asked for to the start, of those that have ended. */
  readonly waitTime: Histogram
  /** From start to end, likewise. */
  readonly runTime: Histogram
}
