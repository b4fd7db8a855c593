/**
 * What a task does in the simulator: an effect in virtual time that stands for the function.
 */
import type { LoopCall, LoopCallError } from "@portico/core/LoopCall"
import type { Task } from "@portico/core/Task"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"

/** The simulated thread that a task runs in. */
export interface SimThread {
  /** As `CancelFlag.isCancelled` in a real one. */
  readonly isCancelled: () => boolean
  /** Ends the thread, as `process.exit` does. */
  readonly exit: (exitCode: number) => Effect.Effect<never>
  /** The thread ends with something that nobody caught. */
  readonly crash: (error: unknown) => Effect.Effect<never>
  /** A signal ends it, as a fault in native code does to a process. */
  readonly kill: (signal: string) => Effect.Effect<never>
  /** The thread needs more memory than it may have. */
  readonly exhaustMemory: Effect.Effect<never>
  /** As `LoopCall.ask` in a real one. */
  readonly ask: <Args extends ReadonlyArray<unknown>, Result>(
    call: LoopCall<Args, Result>,
    ...args: Args
  ) => Effect.Effect<Result, LoopCallError>
}

/**
 * Gives what the function would give (`Moved.of` included; instead of an iterable also a `Stream`);
 * its failure is what the function would throw, a defect likewise. It runs on the loop's own
 * thread, as everything in a world: only its sleeps and waits stand for the time that the function
 * takes. When its thread is ended, it is interrupted.
 */
export type SimTaskModel<Args extends ReadonlyArray<unknown>, Result> = (
  thread: SimThread,
  ...args: Args
) => Effect.Effect<Result | Stream.Stream<unknown, unknown>, unknown>

export type AnyModel = SimTaskModel<ReadonlyArray<unknown>, unknown>

const keyOf = (task: { readonly module: string; readonly export: string }) =>
  `${task.export} ${task.module}`

/** The tasks of a world. */
export class SimTasks {
  private readonly models = new Map<string, AnyModel>()
  /** Of a thousand tasks, so many cost their thread, as the seed has it. */
  crashesPerMille = 0

  set<Args extends ReadonlyArray<unknown>, Result>(
    task: Task<Args, Result>,
    model: SimTaskModel<Args, Result>
  ): void {
    this.models.set(keyOf(task), model as unknown as AnyModel)
  }

  find(task: { readonly module: string; readonly export: string }): AnyModel | undefined {
    return this.models.get(keyOf(task))
  }
}
