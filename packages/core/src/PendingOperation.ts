/** Something a fiber waits for, that the loop knows of. */
import type { Handle } from "./Handle.ts"

export interface PendingOperation {
  /** As users write it: `TcpStream.read`, `TcpListener.accept`, `Effect.sleep`. */
  readonly operation: string
  /** The handle it is on; a sleep and an opening have none. */
  readonly handle: Handle | undefined
  /** What is being opened: `tcp://127.0.0.1:80`. */
  readonly address: string | undefined
  /** 0 where it is unknown. */
  readonly fiberId: number
  /**
   * Milliseconds that it has waited, counted from when its fiber last began to run; undefined for
   * a fiber of another scheduler.
   */
  readonly ageMillis: number | undefined
  /** Milliseconds until it ends by itself: of sleeps, `Infinity` for one without end. */
  readonly remainingMillis: number | undefined
  /** Whether it keeps the loop alive. */
  readonly isRef: boolean
}
