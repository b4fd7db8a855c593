/**
 * `HostScheduler` on Node's loop, in one line: `Effect.provide(program, NodeScheduler.layer())`.
 *
 * Bun's `setImmediate` and clock are the same, so this serves there too.
 */
import * as HostScheduler from "@portico/core/HostScheduler"
import type { LoopPort } from "@portico/core/port/index"
import type * as Layer from "effect/Layer"

/** Immediates run after the poll phase, so I/O and timers come between two turns. */
export const loop: LoopPort = {
  armTurn: (callback) => void setImmediate(callback),
  nowMillis: () => performance.now()
}

/** Fibers of the program it is provided to share one queue, and return to the loop in time. */
export const layer = (options?: HostScheduler.HostSchedulerOptions): Layer.Layer<never> =>
  HostScheduler.layer(loop, options)
