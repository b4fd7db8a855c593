/**
 * Node's turns: microtasks run when a callback returns, immediates after the poll phase. Bun's are
 * the same.
 */
import { Turn } from "@portico/core/port/index"

export const make = (): Turn =>
  new Turn({
    soon: (callback) => queueMicrotask(callback),
    later: (callback) => void setImmediate(callback)
  })
