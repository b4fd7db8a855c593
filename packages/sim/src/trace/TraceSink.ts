/**
 * Where a host tells what happens on it. A world without one pays for a comparison.
 *
 * Whoever tells keeps to `trace?.record(...)`, so that nothing is computed when nobody listens.
 */
import type { Task } from "../loop/Strand.ts"
import type { TraceData, TraceKind } from "./TraceEvent.ts"

export interface TraceSink {
  /**
   * Something happens now; gives its index, to be the cause of others. Without a `cause` it is what
   * the running fiber, or else the present step, follows from.
   */
  record(kind: TraceKind, data: TraceData, cause?: number): number
  /** As `record`; and what else happens in this step follows from it. */
  enter(kind: TraceKind, data: TraceData, cause?: number): number
  /** A fiber runs on: `number` counts in its world. What it does follows from this. */
  runs(fiber: object, number: number): void
  /** `task`, which will run in a step of its own, and follows from what happens now. */
  carry(task: Task): Task
}
