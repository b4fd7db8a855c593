/** The options of lanes and of tasks, with their bounds and defaults. */
import type * as Duration from "effect/Duration"
import type { Handler } from "./LoopCall.ts"

/** What a lane is bounded by. All of it can be changed while it runs. */
export interface LaneBounds {
  /** Threads at once, hence tasks that run at once: 1 to 64. */
  readonly threadsMax: number
  /** Tasks that may wait for a thread, 0 to 1,000,000. Default 1,000. Beyond: `PoolFull`. */
  readonly queueMax?: number | undefined
  /** How long a task may wait for a thread, 0 to 1 day. Default 30 seconds. */
  readonly waitMax?: Duration.Input | undefined
}

export interface LaneOptions extends LaneBounds {
  /** For errors, dumps and tables. Lanes may share a name. Default `lane`. */
  readonly name?: string | undefined
  /**
   * A thread that had nothing to do for so long, or up to twice as long, ends: 10 ms to 1 day.
   * Default 10 seconds.
   */
  readonly idleMax?: Duration.Input | undefined
  /**
   * Where tasks run. `processes`: each in one of its own, for work that may crash natively, which
   * then costs that task alone (`WorkerKilled`). They share no memory: arguments and results are
   * copied, also what is moved; nothing shared can be sent, and `LoopCall.ask` is not there. A
   * process takes a tenth of a second and tens of MiB. Default `threads`.
   */
  readonly isolation?: "threads" | "processes" | undefined
  /**
   * The heap that each thread may have, in MiB, 16 to 1,048,576. Whoever needs more fails as
   * `OutOfMemory`. Default: what the host gives. Capability `workerHeapLimit`.
   */
  readonly heapMaxMiB?: number | undefined
  /** What tasks write to standard output and error. Default `inherit`: to this process's. */
  readonly output?: "inherit" | "discard" | undefined
  /** The grace of tasks that still run when the lane closes, 0 to 10 min. Default 1 second. */
  readonly closeGrace?: Duration.Input | undefined
}

/**
 * What becomes of a task that has started when whoever waits for it is interrupted. It is asked to
 * stop (`CancelFlag`), unless its grace is 0.
 *
 * - `terminate`: it has its grace, then its thread is ended; the caller waits for that, the grace
 *   at most, and as long as it takes the host to end a thread, which has 5 seconds.
 * - `wait`: the caller waits until it ends, however long that is.
 * - `abandon`: the caller goes at once. The task keeps its thread until it ends by itself.
 */
export type OnInterrupt = "terminate" | "wait" | "abandon"

export interface RunOptions {
  /**
   * What is moved rather than copied (`ArrayBuffer`, `MessagePort`): it is the task's when it
   * starts. What never starts moves nothing.
   */
  readonly transfer?: ReadonlyArray<object> | undefined
  /** Instead of the lane's. 0: it starts without waiting, or fails. */
  readonly waitMax?: Duration.Input | undefined
  /** Default `terminate`. */
  readonly onInterrupt?: OnInterrupt | undefined
  /** Of `terminate`, 0 to 10 min. Default 1 second. */
  readonly grace?: Duration.Input | undefined
  /** Who answers what the task asks the loop (`LoopCall.ask`). */
  readonly calls?: ReadonlyArray<Handler> | undefined
}

export interface StreamOptions extends RunOptions {
  /** Items that the task may be ahead of who takes them, 1 to 10,000. Default 16. */
  readonly itemsMax?: number | undefined
}
