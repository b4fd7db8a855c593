/** Bun's turn: a microtask runs soon, an immediate runs in a later callback of the loop. */
import { Turn } from "@portico/core/port/index"

export const make = (): Turn =>
  new Turn({
    soon: queueMicrotask,
    later: (callback) => void setImmediate(callback)
  })
