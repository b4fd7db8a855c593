/** What a generator counts in one window: messages by their latency, and its own CPU. */
import type { FlowOutcome } from "./FlowOutcome.ts"
import { Histogram } from "./Histogram.ts"

export class Gauge {
  readonly histogram = new Histogram()
  #cpu = process.cpuUsage()
  #startedAt = 0

  /** Begins a window; answers when, by `performance.now()`. */
  begin(): number {
    this.histogram.clear()
    this.#cpu = process.cpuUsage()
    return (this.#startedAt = performance.now())
  }

  /** Of the window that began last and had its last message back at `finished`. */
  outcome(finished: number): FlowOutcome {
    const { system, user } = process.cpuUsage(this.#cpu)
    return {
      messages: this.histogram.total,
      elapsedMillis: finished - this.#startedAt,
      p50Millis: this.histogram.quantileNanos(0.5) / 1e6,
      p99Millis: this.histogram.quantileNanos(0.99) / 1e6,
      generatorCpuMillis: (user + system) / 1_000
    }
  }
}
