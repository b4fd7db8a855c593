/**
 * The request of one `SoftCancel`: whether it was made, who is told of it, and the deadline that it
 * sets for what does not stop.
 */
import type * as Clock from "effect/Clock"
import type { MovableDeadline } from "../../MovableDeadline.ts"

export class StopState {
  /** Infinite until the request; then the end of the grace. */
  readonly deadline: MovableDeadline
  isRequested = false
  private readonly graceNanos: bigint
  private around: StopState | undefined
  private readonly within = new Set<StopState>()
  private readonly told = new Set<() => void>()

  /** A grace longer than that of `around` counts as that one. */
  constructor(deadline: MovableDeadline, graceNanos: bigint, around: StopState | undefined) {
    this.deadline = deadline
    this.graceNanos = shorter(around?.graceNanos, graceNanos)
    this.around = around
  }

  /** It takes part in the requests of the one around it, also in one made before. */
  open(clock: Clock.Clock): void {
    const { around } = this
    if (around === undefined) return
    around.within.add(this)
    if (around.isRequested) this.request(undefined, clock)
  }

  /**
   * Asks to stop, here and in what is nested. The grace is the shortest of those given; asked
   * again, it can only become shorter. No deadline is moved to a later moment.
   */
  request(graceNanos: bigint | undefined, clock: Clock.Clock): void {
    const wasRequested = this.isRequested
    this.isRequested = true
    if (!wasRequested) this.shorten(shorter(graceNanos, this.graceNanos), clock)
    else if (graceNanos !== undefined) this.shorten(graceNanos, clock)
    for (const inner of Array.from(this.within)) inner.request(graceNanos, clock)
    if (!wasRequested) this.tellAll()
  }

  private shorten(graceNanos: bigint, clock: Clock.Clock): void {
    const end = clock.monotonicTimeNanosUnsafe() + graceNanos
    const { nanos } = this.deadline
    if (nanos === undefined || end < nanos) this.deadline.moveUnsafe(end, clock)
  }

  /** The region has ended. Fibers that outlive it have been asked, too. */
  close(): void {
    this.around?.within.delete(this)
    this.around = undefined
    this.isRequested = true
    this.tellAll()
  }

  /** Calls `callback` at the request, once; it must not have been made yet. */
  onRequest(callback: () => void): () => void {
    this.told.add(callback)
    return () => this.told.delete(callback)
  }

  private tellAll(): void {
    const told = Array.from(this.told)
    this.told.clear()
    for (const callback of told) callback()
  }
}

const shorter = (left: bigint | undefined, right: bigint): bigint =>
  left !== undefined && left < right ? left : right
