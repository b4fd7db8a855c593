/**
 * What a world's loop measures of its turns, in virtual time. A turn is the part of one iteration
 * in which fibers' tasks run.
 */
import { LoopHistogram } from "@portico/core/LoopHistogram"

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
  /** Turns, and callbacks in which fibers ran. */
  readonly turnTime = new LoopHistogram()
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
    this.turnTime.add(toMillis(now - this.beganAt))
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
    this.turnTime.add(callbackMillis)
  }
}
