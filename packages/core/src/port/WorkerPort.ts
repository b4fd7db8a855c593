import type { SeatTicket } from "../sync/ThreadSeat.ts"

/**
 * What a backend provides for running tasks in other threads.
 *
 * Core decides how many workers there are and when a task may start; a port starts them in order
 * and tells how they end. It keeps no queue beyond `ahead`.
 */
export interface WorkerPort {
  open(request: PortLaneRequest, events: PortLaneEvents): PortLane
}

export interface PortLaneRequest {
  readonly name: string
  /** Workers that core will have at once, those that were told to end and run on included. */
  readonly workersMax: number
  /** Undefined is the host's own limit. Asked for only with the capability `workerHeapLimit`. */
  readonly heapMaxMiB: number | undefined
  readonly discardsOutput: boolean
  /** What a worker is: a thread, or a process that shares no memory and takes nobody along. */
  readonly isolation: "threads" | "processes"
}

/** A task as the port knows it. The port may keep it until it has told how it ended. */
export interface PortTask {
  /** The module's URL, and the name of the function that it exports. */
  readonly task: { readonly module: string; readonly export: string }
  readonly args: ReadonlyArray<unknown>
  readonly transfer: ReadonlyArray<object>
  /**
   * 0: it gives one result. Else what its function gives is iterated, and it is ahead by so many
   * items at most: it then waits for `allow`. Its result is of no interest.
   */
  readonly itemsMax: number
  /** For the port alone: where it put the task. -1 at first. */
  slot: number
}

export interface PortLane {
  /** Tasks that it takes beyond one a worker, so that a worker never waits for this thread. */
  readonly ahead: number
  /**
   * Takes a task, behind those that have not started. It starts once a worker is free, in order;
   * its arguments are copied or moved then, at the latest.
   */
  submit(task: PortTask): void
  /** Takes one back that has not started: it never will, and nothing is told of it. */
  revoke(task: PortTask): boolean
  /** The worker that runs it, 0 for one that has not started. */
  workerOf(task: PortTask): number
  /** Asks one that runs to stop; without effect on others. */
  cancel(task: PortTask): void
  /** The task may give so many more items. Without effect once it has ended. */
  allow(task: PortTask, count: number): void
  /** Of a call that it made. Without effect once it has ended. */
  answer(task: PortTask, call: number, answer: PortAnswer): void
  /**
   * Ends the worker that runs it: `onEnded` and `onWorkerEnded` follow. False when none does just
   * now, because it has ended, or is about to start.
   */
  terminate(task: PortTask): boolean
  /**
   * Starts one more worker, gives its number, from 1, used once; it takes tasks when ready. In its
   * thread it sits down (`ThreadSeat.sit`), and says when a task has ended there; undefined when
   * there was no seat left.
   */
  spawn(seat: PortSeat | undefined): number
  /**
   * Tells a worker to end: an idle one at once, which is asked for first; with `evenBusy` also one
   * that runs a task, once that has ended. 0 when there is none. `onWorkerEnded` follows.
   */
  retire(evenBusy: boolean): number
  /** Ends all workers, whatever they run; of that, nothing is told but `onWorkerEnded` of each. */
  close(): void
  /** Whether it keeps the process alive. Not at first. */
  setRef(isRef: boolean): void
}

/** A worker's place among those that share locks. */
export interface PortSeat extends SeatTicket {
  /** Of a worker that runs on the loop itself: a task has ended, and the next is somebody else. */
  taskEnded(): void
  /** Likewise: it has ended, and what it holds will not be released. */
  workerEnded(): void
}

/** How a task ended. */
export type PortTaskEnd =
  | { readonly _tag: "Succeeded"; readonly value: unknown }
  | { readonly _tag: "Failed"; readonly error: unknown }
  | { readonly _tag: "NotFound"; readonly problem: string }
  | {
      readonly _tag: "NotCloneable"
      readonly what: "arguments" | "result"
      readonly problem: string
    }
  | { readonly _tag: "WorkerEnded"; readonly exit: PortWorkerExit }

/** What becomes of a task's call into the loop. */
export type PortAnswer =
  | { readonly _tag: "Answered"; readonly value: unknown }
  | { readonly _tag: "Failed"; readonly error: unknown }
  | { readonly _tag: "NoHandler" }

/** A task's call into the loop. */
export interface PortCall {
  /** For `answer`. */
  readonly call: number
  readonly name: string
  readonly args: ReadonlyArray<unknown>
}

/** How a worker ended. */
export type PortWorkerExit =
  | { readonly _tag: "Exited"; readonly exitCode: number }
  | { readonly _tag: "Crashed"; readonly error: unknown }
  | { readonly _tag: "OutOfMemory" }
  /** A signal ended the process, by its name. */
  | { readonly _tag: "Signalled"; readonly signal: string }
  /** By `terminate`, `retire` or `close`. */
  | { readonly _tag: "Ended" }

export interface PortLaneEvents {
  /** Once for each task that was taken and not taken back, unless the lane was closed. */
  onEnded(task: PortTask, end: PortTaskEnd, startedMillis: number, endedMillis: number): void
  /** One of the items that a task gives, in order, before its end. */
  onItem(task: PortTask, item: unknown): void
  /** A task calls into the loop, and waits for `answer`. */
  onCall(task: PortTask, call: PortCall): void
  /**
   * A worker is gone; what it ran was told before. `wasReady`: it got as far as taking tasks.
   */
  onWorkerEnded(worker: number, exit: PortWorkerExit, wasReady: boolean): void
}
