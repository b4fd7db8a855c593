/** What became of a lane's tasks when it was shut down: each is counted once. */
export interface LaneReport {
  /** Ended by themselves before the deadline. */
  readonly finished: number
  /** Waited at the deadline, and never ran. */
  readonly neverStarted: number
  /** Ran at the deadline, and ended within the grace when they were asked to. */
  readonly stopped: number
  /** Ran at the deadline, and their threads had to be ended. */
  readonly terminated: number
}
