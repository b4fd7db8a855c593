/**
 * The host's globals, for a simulator that runs programs in this very thread: what they might reach
 * past their services, and the host's promise jobs.
 */
export interface GlobalsPort {
  /** The object whose properties are the globals. */
  readonly globals: object
  /**
   * Runs promise jobs, and what they bring about, until there is none; at once. Node does so only
   * in a macrotask: called from a promise job or after an `await`, nothing happens.
   */
  readonly drainMicrotasks: () => void
}
