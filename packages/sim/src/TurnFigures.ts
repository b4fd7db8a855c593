/**
 * What a world's loop measures of its turns, in virtual time. A turn is the part of one iteration
 * in which fibers' tasks run.
 */
import { LoopHistogram } from "@portico/core/LoopHistogram"

const nanosPerMilli = 1e6
/** A callback is one step. */
const callbackMillis = 0.0001

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
    this.lag.add((now - this.armedAt) / nanosPerMilli)
    this.beganAt = now
  }

  /** The phase is over, with a turn in it or without; `isMoreReady`: tasks are left. */
  ended(now: number, isMoreReady: boolean): void {
    if (this.beganAt < 0) return
    this.turnTime.add((now - this.beganAt) / nanosPerMilli)
    this.beganAt = -1
    if (isMoreReady) this.armedAt = now
  }

  /** A fiber runs in a callback, which is step number `step`. */
  inCallback(step: number): void {
    if (step === this.callbackStep) return
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
