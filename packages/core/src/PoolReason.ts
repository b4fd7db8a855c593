/**
 * Why a task of a lane came to nothing: plain data, with the figures.
 */
import * as Data from "effect/Data"

export type PoolReason = Data.TaggedEnum<{
  /** Nothing was queued: so many wait already. Wait, and ask again, or give the lane more. */
  PoolFull: { readonly queueMax: number; readonly threadsMax: number }
  /** No thread was free within the time; it never ran. `ahead` tasks were before it still. */
  WaitTimedOut: {
    readonly waitedMillis: number
    readonly waitMaxMillis: number
    readonly ahead: number
  }
  /** It was asked to stop, and never ran, or ended by throwing within its grace. */
  Cancelled: { readonly hasStarted: boolean }
  /** It did not stop within its grace, so its thread was ended; what it did may be half done. */
  Terminated: { readonly graceMillis: number }
  /** It threw, or its promise was rejected; `error` is a copy. */
  TaskFailed: { readonly error: unknown }
  /** There is no such module or no such function in it, or the module threw when it was loaded. */
  TaskNotFound: { readonly problem: string }
  /** Its arguments or its result cannot be copied to another thread. */
  NotCloneable: { readonly what: "arguments" | "result"; readonly problem: string }
  /** It ended its thread (`process.exit`). */
  WorkerExited: { readonly exitCode: number }
  /** Something that nobody caught ended its thread, such as a callback that threw. */
  WorkerCrashed: { readonly error: unknown }
  /** A signal ended its process: a fault in native code (SIGSEGV), or the system's (SIGKILL). */
  WorkerKilled: { readonly signal: string }
  /** It needed more memory than its thread may have. */
  OutOfMemory: { readonly heapMaxMiB: number | undefined }
  /** The lane is closed, or its backend has shut down. */
  Closed: {}
  /** This fiber holds a token of the lane already: waiting for a second could be for ever. */
  Busy: {}
  /** An option is out of its bound. Nothing was attempted. */
  InvalidArgument: {
    readonly argument: string
    readonly bound: string
    readonly value: string
  }
}>

export const PoolReason = Data.taggedEnum<PoolReason>()

const textOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error)

/** One line for people: the noun, then the facts it carries. */
export const format = (reason: PoolReason): string => {
  switch (reason._tag) {
    case "PoolFull":
      return `PoolFull (${reason.queueMax} wait for ${reason.threadsMax} threads)`
    case "WaitTimedOut":
      return `WaitTimedOut (after ${Math.round(reason.waitedMillis)} ms, ${reason.ahead} ahead)`
    case "Cancelled":
      return reason.hasStarted ? "Cancelled" : "Cancelled (before it started)"
    case "Terminated":
      return `Terminated (it did not stop within ${reason.graceMillis} ms)`
    case "TaskFailed":
      return `TaskFailed (${textOf(reason.error)})`
    case "TaskNotFound":
      return `TaskNotFound (${reason.problem})`
    case "NotCloneable":
      return `NotCloneable (its ${reason.what}: ${reason.problem})`
    case "WorkerExited":
      return `WorkerExited (with code ${reason.exitCode})`
    case "WorkerCrashed":
      return `WorkerCrashed (${textOf(reason.error)})`
    case "WorkerKilled":
      return `WorkerKilled (by ${reason.signal})`
    case "OutOfMemory":
      return reason.heapMaxMiB === undefined
        ? "OutOfMemory"
        : `OutOfMemory (its thread may have ${reason.heapMaxMiB} MiB)`
    case "InvalidArgument":
      return `InvalidArgument (${reason.argument} must be ${reason.bound}: ${reason.value})`
    default:
      return reason._tag
  }
}
