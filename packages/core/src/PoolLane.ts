/**
 * A lane: threads of its own for one kind of work, so that slow work of one kind never delays
 * another's, with bounds on threads, on waiting tasks and on the time they wait.
 *
 * Tasks start in the order in which they were asked for, and nobody overtakes. A thread runs one
 * task at a time and is used again; one that a task ends, or that ran out of memory, costs that
 * task alone and is replaced. Threads start when there is work, and end when there has been none
 * for `idleMax`.
 *
 * A token is the right to run: there are `threadsMax`. A task holds one from its start until it has
 * really ended, whoever still waits for it.
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type { Handle } from "./Handle.ts"
import type { LaneReport } from "./LaneReport.ts"
import type { LaneSnapshot } from "./LaneSnapshot.ts"
import type { PoolError } from "./PoolError.ts"
import type { LaneBounds, RunOptions, StreamOptions } from "./PoolOptions.ts"
import type { PoolTask } from "./PoolTask.ts"
import type { ItemOf, Task } from "./Task.ts"

export interface PoolLane extends Handle {
  readonly kind: "PoolLane"
  readonly name: string
  /**
   * Runs a task in a thread and gives what it gives. Arguments and result are copied (structured
   * clone), or moved (`RunOptions.transfer`, `Moved.of`). What the task looks at before its
   * arguments are copied, which is when it starts, is as it is then: leave them alone meanwhile.
   *
   * Fails with `PoolFull`, `WaitTimedOut`, `Closed`, `InvalidArgument`: it never ran; with
   * `TaskFailed`, `TaskNotFound`, `NotCloneable`, `WorkerExited`, `WorkerCrashed`, `WorkerKilled`,
   * `OutOfMemory`: this task alone; with `Cancelled` or `Terminated` when the lane closed
   * meanwhile.
   *
   * Interrupted before it started, it never runs, and what it was to move was not moved. After
   * that, `RunOptions.onInterrupt` decides.
   */
  readonly run: <Args extends ReadonlyArray<unknown>, Result>(
    task: Task<Args, Result>,
    args: Args,
    options?: RunOptions
  ) => Effect.Effect<Result, PoolError>
  /**
   * As `run`, but does not wait: gives the task, to be awaited, or cancelled with an answer. Fails
   * with `PoolFull`, `Closed`, `InvalidArgument`, `WaitTimedOut` (of a `waitMax` of 0). When the
   * scope ends first, it ends as an interrupted `run` does.
   */
  readonly submit: <Args extends ReadonlyArray<unknown>, Result>(
    task: Task<Args, Result>,
    args: Args,
    options?: RunOptions
  ) => Effect.Effect<PoolTask<Result>, PoolError, Scope.Scope>
  /**
   * Runs a task whose function gives an iterable or an async iterable (a generator), and gives its
   * items as they come. The task is ahead of who takes them by `itemsMax` items at most, and waits
   * then, with its thread. Each item is copied, or moved (`Moved.of`).
   *
   * Fails as `run`, after the items that came before. Interrupted, or when no more is taken, it
   * ends as an interrupted `run` does: a generator that waits is returned from (`finally` runs).
   */
  readonly stream: <Args extends ReadonlyArray<unknown>, Result>(
    task: Task<Args, Result>,
    args: Args,
    options?: StreamOptions
  ) => Stream.Stream<ItemOf<Result>, PoolError>
  /**
   * Runs an effect of this thread with one of the lane's tokens, for work that takes a thread
   * elsewhere, such as the host's hidden ones. Waits for the token as a task does, in the same
   * line, and gives it back however the effect ends. Fails with `Busy` in a fiber that holds a
   * token of this lane already; else as `run` before its start.
   */
  readonly hold: <A, E, R>(
    effect: Effect.Effect<A, E, R>,
    options?: { readonly waitMax?: Duration.Input | undefined }
  ) => Effect.Effect<A, E | PoolError, R>
  /**
   * Changes the bounds that are given. More threads: those who wait start at once. Fewer: nobody is
   * stopped, and the next one starts when fewer run than the new bound. A shorter queue or waiting
   * time is for those who come from now on. Fails with `InvalidArgument`, and `Closed`.
   */
  readonly resize: (bounds: Partial<LaneBounds>) => Effect.Effect<void, PoolError>
  /** What is so now, and what was counted since it was opened. */
  readonly snapshot: Effect.Effect<LaneSnapshot>
  /**
   * Takes no more tasks (`Closed`), lets those that it has end until the deadline, then closes.
   * Reports what became of them. Interrupted, it closes at once.
   */
  readonly shutdown: (options: { readonly deadline: Duration.Input }) => Effect.Effect<LaneReport>
  /**
   * Tasks that wait never run and fail with `Closed`. Those that run are asked to stop, have
   * `closeGrace`, then their threads are ended; given none, they are not asked. Succeeds when no
   * thread is left, but for those that the host could not end within 5 s: one that stands in a
   * system call ends when that does, or with the process (see `runMain`). Idempotent.
   */
  readonly close: Effect.Effect<void>
}
