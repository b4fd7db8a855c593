/**
 * A way into a loop from outside of its fibers: a callback of a native library, a signal, another
 * thread. libuv's `uv_async_t`, as a handle.
 *
 * Wakes coalesce: any number before the loop gets to it are one. Wake-ups of one loop that were
 * woken from its own thread are delivered in the order of their first wake.
 */
import type * as Effect from "effect/Effect"
import type { Handle } from "./Handle.ts"
import type { IoError } from "./IoError.ts"

export interface WakeUp extends Handle {
  readonly kind: "WakeUp"
  /**
   * Waits for the next wake, and takes it; one that came while nobody waited is kept. Succeeds with
   * how many wakes it stands for, at least 1. One fiber at a time: fails with `Busy` otherwise, and
   * with `Closed`. Interrupted, it takes nothing.
   */
  readonly await: Effect.Effect<number, IoError>
  /** Wakes it. From any fiber. Fails with `Closed`. With nobody awaiting, the loop still wakes. */
  readonly wake: Effect.Effect<void, IoError>
  /** `wake` for code that is no fiber, in this thread: why it was refused, or undefined. */
  readonly wakeUnsafe: () => IoError | undefined
  /**
   * For another thread, which wakes the loop by `WakeUp.notify(cell)`. It may be posted, and kept
   * after the handle has closed. Fails with `Unsupported` where there are no threads.
   */
  readonly cell: Effect.Effect<WakeUpCell, IoError>
  /** Idempotent. Wakes who awaits it with `Closed`. */
  readonly close: Effect.Effect<void>
}

/** Two 32-bit words: how many wakes were asked for, and whether the wake-up is closed. */
export type WakeUpCell = SharedArrayBuffer

/** Bytes of a cell. */
export const cellBytes = 8

/**
 * From another thread: wakes the loop that `cell` came from. Never waits. False when the wake-up
 * is closed (LOOP-13), and nothing was woken.
 */
export const notify = (cell: WakeUpCell): boolean => {
  const words = new Int32Array(cell)
  if (Atomics.load(words, 1) !== 0) return false
  Atomics.add(words, 0, 1)
  Atomics.notify(words, 0)
  return true
}
