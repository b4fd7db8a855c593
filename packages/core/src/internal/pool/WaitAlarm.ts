/** One timer for all who wait with a limit: it is set for the earliest, and looks again then. */
import type { LoopTimer, LoopTimers } from "../loop/LoopTimers.ts"

export class WaitAlarm {
  private readonly timers: LoopTimers
  private readonly nowMillis: () => number
  /** Ends who has waited long enough, and gives when to look again. */
  private readonly look: () => number
  private timer: LoopTimer | undefined
  private atMillis = Infinity

  constructor(timers: LoopTimers, nowMillis: () => number, look: () => number) {
    this.timers = timers
    this.nowMillis = nowMillis
    this.look = look
  }

  /** Looks at that time, at the latest. */
  arm(atMillis: number): void {
    if (atMillis >= this.atMillis) return
    this.timer?.cancel()
    this.atMillis = atMillis
    this.timer = this.timers.start(Math.max(0, atMillis - this.nowMillis()), this.ring)
    // Whoever waits keeps the process alive already.
    this.timer.setRef(false)
  }

  private readonly ring = (): void => {
    this.disarm()
    this.arm(this.look())
  }

  disarm(): void {
    this.timer?.cancel()
    this.timer = undefined
    this.atMillis = Infinity
  }
}
