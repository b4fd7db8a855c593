/** How late the host fires a timer that is set again whenever it fired. */
import type { Figure } from "../../Metric.ts"
import * as Statistics from "../../Statistics.ts"

const timerMillis = 10

export class LateTimer implements Disposable {
  private due = 0
  private timer: NodeJS.Timeout | undefined
  private late: Array<number> = []

  start(): void {
    this.due = performance.now() + timerMillis
    this.timer = setTimeout(() => {
      this.late.push(Math.max(0, performance.now() - this.due))
      this.start()
    }, timerMillis)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.timer)
  }

  clear(): void {
    this.late = []
  }

  /** Of the firings since `clear`, and of the next one as far as it is late already. */
  p99(): Figure {
    const pending = performance.now() - this.due
    if (pending <= 0) return this.late.length === 0 ? 0 : Statistics.quantile(this.late, 0.99)
    const value = Statistics.quantile([...this.late, pending], 0.99)
    return value === pending ? { atLeast: pending } : value
  }
}
