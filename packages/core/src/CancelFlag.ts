/**
 * In a task: whether it was asked to stop. Read it in every long loop.
 *
 * The flag lies in memory that the threads share, so it shows at once, though the worker's event
 * loop does not run while the task computes. Asked to stop, a task returns what it has or throws
 * what it likes; it has its grace for that, then its thread is ended.
 */

/** One worker runs one task at a time; outside of workers there is none. */
let isAsked: (() => boolean) | undefined

/** Whether the task that runs in this thread was asked to stop. False outside of tasks. */
export const isCancelled = (): boolean => isAsked?.() ?? false

/** For backends: whom `isCancelled` asks in this thread from now on; nobody when left out. */
export const useUnsafe = (ask: (() => boolean) | undefined): void => {
  isAsked = ask
}
