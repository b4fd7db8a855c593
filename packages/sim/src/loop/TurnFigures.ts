/**
 * What a world's loop measures of its turns, in virtual time. A turn is the part of one iteration
 * in which fibers' tasks run.
 */
import { LoopHistogram } from "@portico/core/LoopHistogram"
import type { Histogram } from "@portico/core/LoopSnapshot"

// In parts of a millisecond that are powers of two, so that sums of equal times are exact; a part
// is 0.95 ns.
const partsPerMilli = 2 ** 20
const toMillis = (nanos: number): number =>
  Math.round((nanos * partsPerMilli) / 1e6) / partsPerMilli

/** A callback is one step. */
const callbackMillis = toMillis(100)

export class TurnFigures {
  turns = 0
  /** Callbacks in which fibers ran. */
  callbacks = 0
  private readonly times = new LoopHistogram()
  /** From when a turn was wanted to its start. */
  readonly lag = new LoopHistogram()
  /** When the first task that waits now was posted. */
  private armedAt = 0
  private beganAt = -1
  private callbackStep = 0

  /** A task of a fiber waits, and none did before. */
  armed(now: number): void {
    this.armedAt = now
  }

  began(now: number, steps: number): void {
    this.endCallback(steps)
    this.turns++
    this.lag.add(toMillis(now - this.armedAt))
    this.beganAt = now
  }

  /** The phase is over, with a turn in it or without; `isMoreReady`: tasks are left. */
  ended(now: number, isMoreReady: boolean): void {
    if (this.beganAt < 0) return
    this.times.add(toMillis(now - this.beganAt))
    this.beganAt = -1
    if (isMoreReady) this.armedAt = now
  }

  /** A fiber runs in a callback, which is step number `step`. */
  inCallback(step: number): void {
    this.endCallback(step)
    this.callbackStep = step
  }

  /** Counts the last callback, if it is over. */
  endCallback(steps: number): void {
    if (this.callbackStep === 0 || this.callbackStep === steps) return
    this.callbackStep = 0
    this.callbacks++
  }

  /** Of turns, and of callbacks in which fibers ran. */
  get turnTime(): Histogram {
    const { callbacks, times } = this
    const { buckets, count, maxMillis, sumMillis } = times.view()
    const [first, ...others] = buckets
    // All callbacks take the same, which is less than the first bound.
    return {
      count: count + callbacks,
      sumMillis: sumMillis + callbacks * callbackMillis,
      maxMillis: callbacks === 0 ? maxMillis : Math.max(maxMillis, callbackMillis),
      buckets: [{ ...first!, count: first!.count + callbacks }, ...others]
    }
  }
}
