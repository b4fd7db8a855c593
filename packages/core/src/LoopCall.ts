/**
 * Calls from a task back into the loop that it was asked for on: a typed name, which both sides
 * import, and an effect that answers it there.
 *
 * ```ts
 * // Calls.ts
 * export const price = LoopCall.make<[item: string], number>("price")
 * // in the program
 * lane.run(total, [items], { calls: [LoopCall.handler(price, (item) => prices.of(item))] })
 * // in the task
 * LoopCall.ask(price, "tea")
 * ```
 *
 * Needs no Effect in the task.
 */
import type * as Effect from "effect/Effect"

export interface LoopCall<Args extends ReadonlyArray<unknown>, Result> {
  readonly name: string
  /** For the types alone; nothing is there. */
  readonly signature?: (...args: Args) => Result
}

/** Who answers calls of one name. */
export interface Handler {
  readonly name: string
  readonly answer: (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, unknown>
}

/** A name, of which a task's handlers have one at most. */
export const make = <Args extends ReadonlyArray<unknown>, Result>(
  name: string
): LoopCall<Args, Result> => ({ name })

/**
 * Answers a task's calls, each in a fiber of its own in the caller's context, which is interrupted
 * when the task ends. What it fails with, the task is told as `LoopCallError`.
 */
export const handler = <Args extends ReadonlyArray<unknown>, Result>(
  call: LoopCall<Args, Result>,
  answer: (...args: Args) => Effect.Effect<Result, unknown>
): Handler => ({ name: call.name, answer: answer as never })

/**
 * - `Failed`: the handler failed, with `error`, a copy.
 * - `NoHandler`: the task was given none of that name.
 * - `Cancelled`: the task was asked to stop while it waited.
 * - `NotCloneable`: the arguments or the answer cannot be copied between threads.
 * - `Unsupported`: not in a task, or in one whose worker cannot wait (a process).
 */
export type LoopCallReason = "Failed" | "NoHandler" | "Cancelled" | "NotCloneable" | "Unsupported"

export class LoopCallError extends Error {
  readonly _tag = "LoopCallError"
  readonly reason: LoopCallReason
  /** Of `Failed`: what the handler failed with. Else undefined. */
  readonly error: unknown

  constructor(name: string, reason: LoopCallReason, error?: unknown) {
    super(`LoopCall ${name}: ${reason}`)
    this.name = "LoopCallError"
    this.reason = reason
    this.error = error
  }
}

/** One thread runs one task at a time; outside of tasks there is none. */
let asker: ((name: string, args: ReadonlyArray<unknown>) => unknown) | undefined

/**
 * In a task: asks the loop, and blocks its thread until the answer is there. Arguments and answer
 * are copied. Throws a `LoopCallError`.
 */
export const ask = <Args extends ReadonlyArray<unknown>, Result>(
  call: LoopCall<Args, Result>,
  ...args: Args
): Result => {
  if (asker === undefined) throw new LoopCallError(call.name, "Unsupported")
  return asker(call.name, args) as Result
}

/** For backends: who carries calls out of this thread from now on. */
export const useUnsafe = (ask: typeof asker): void => {
  asker = ask
}
