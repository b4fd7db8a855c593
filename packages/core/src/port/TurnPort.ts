/**
 * One turn: a run of core and user code between two returns to the host.
 *
 * Core queues small writes and flushes them when the turn ends, so that they leave in one system
 * call without waiting for anything. A port calls `enter` before it raises an event and `leave`
 * after; fibers that run for other reasons (a timer, a promise) are outside any bracket, and then
 * core asks the host to call back soon.
 */
export interface TurnPort {
  /** A port is about to raise an event. Nests. */
  enter(): void
  /** The event was raised; the outermost `leave` runs what `atEnd` collected, in order. */
  leave(): void
  /**
   * Runs `task` at the end of this turn, or, outside a bracket, as soon as the host's current
   * callback returns and before it waits again (a microtask is soon enough).
   */
  atEnd(task: TurnTask): void
  /** Runs `callback` in a later callback of the host, never synchronously: for close reports. */
  later(callback: () => void): void
}

/** An object rather than a closure: a stream is its own task, so that a write allocates none. */
export interface TurnTask {
  runAtTurnEnd(): void
}
