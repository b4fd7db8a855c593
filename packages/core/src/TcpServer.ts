/**
 * What `Tcp.serve` gives: a running server, and how to end it.
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { Address } from "./Address.ts"
import type { IoError } from "./IoError.ts"

/** How a drain ended, in handlers that were running when it began. */
export interface DrainReport {
  /** Ended by themselves before the deadline. */
  readonly finished: number
  /** Interrupted at the deadline, and ended. */
  readonly interrupted: number
  /** Still running after the interruption's own grace: uninterruptible, and left behind. */
  readonly left: number
}

export interface TcpServer {
  /** The first bound address; its port is the real one. */
  readonly address: Address
  readonly addresses: ReadonlyArray<Address>
  /** Connections that are not over: their handlers run, or they are being closed after those. */
  readonly connections: Effect.Effect<number>
  readonly counters: Effect.Effect<{
    readonly accepted: number
    /** Handlers that ended with a defect or a failure; logged, and the server went on. */
    readonly failed: number
    /** Times the accept loop backed off because descriptors ran out. */
    readonly backOffs: number
  }>
  /**
   * Stops accepting at once, lets handlers finish until `deadline`, then interrupts the rest and
   * waits `interruptGrace` (default 1 s) more. A deadline in force that is earlier
   * (`Deadline.current`), such as the end of a `SoftCancel`'s grace, takes its place. Called again,
   * it gives the first call's report. Interrupting it interrupts the handlers at once.
   */
  readonly drain: (options: {
    readonly deadline: Duration.Input
    readonly interruptGrace?: Duration.Input | undefined
  }) => Effect.Effect<DrainReport>
  /**
   * Waits until the server stopped: succeeds after a drain, fails with the accept error that ended
   * it.
   */
  readonly stopped: Effect.Effect<void, IoError>
}
