/**
 * `HostScheduler` on Node's loop, in one line: `Effect.provide(program, NodeScheduler.layer())`.
 *
 * Bun's `setImmediate` and clock are the same, so this serves there too.
 */
import * as HostScheduler from "@portico/core/HostScheduler"
import type * as Layer from "effect/Layer"
import * as NodeLoop from "./loop/NodeLoop.ts"

let shared: HostScheduler.HostScheduler | undefined

/** The scheduler that all layers of this thread share, made when it is first asked for. */
export const ofThread = (): HostScheduler.HostScheduler =>
  (shared ??= new HostScheduler.HostScheduler(NodeLoop.ofThread()))

/**
 * Fibers of the program it is provided to share one queue, and return to the loop in time. That
 * queue is the thread's; with `options`, one of the program's own.
 */
export const layer = (options?: HostScheduler.HostSchedulerOptions): Layer.Layer<never> =>
  HostScheduler.layer(
    options === undefined
      ? ofThread
      : () => new HostScheduler.HostScheduler(NodeLoop.ofThread(), options)
  )
