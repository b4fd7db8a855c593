/**
 * What `HostScheduler` needs of the host's loop. `TurnPort` is its counterpart for I/O.
 */
export interface LoopPort {
  /**
   * Calls back once, in a later turn of the loop, after the host has polled its I/O (the check
   * phase of libuv). Keeps the process alive until then. At most one is armed at a time.
   */
  armTurn(callback: () => void): void
  /** Milliseconds with fractions from a fixed point in the past; never goes backwards. */
  nowMillis(): number
}
