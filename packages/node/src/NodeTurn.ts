/**
 * Node's turns: microtasks run when a callback returns, immediates after the poll phase. Bun's are
 * the same.
 */
import { Turn, type TurnWatch } from "@portico/core/port/index"

/** `watch` is told when a callback in which fibers may run begins and ends. */
export const make = (watch?: TurnWatch): Turn =>
  new Turn(
    {
      soon: (callback) => queueMicrotask(callback),
      later: (callback) => void setImmediate(callback)
    },
    watch
  )
