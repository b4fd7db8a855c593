/** A turn of one program: tasks in a warm-up and a window, how long each took, and the loop. */
import type { Measurements } from "../../Metric.ts"
import { beginSamples, endSamples, withProfile } from "../../servers/Sampled.ts"
import { Histogram } from "../../load/Histogram.ts"
import { LateTimer } from "../../scheduler/programs/LateTimer.ts"
import type { Told } from "../PoolCase.ts"

export const megabyte = 2 ** 20
export const burnMillis = 20

interface Mark {
  readonly millis: number
  readonly cpuMicros: number
}

const mark = (): Mark => {
  const { system, user } = process.cpuUsage()
  return { millis: performance.now(), cpuMicros: user + system }
}

export class TaskMeter {
  private readonly told: Told
  private readonly startMillis = performance.now()
  private readonly latencies = new Histogram()
  private readonly timer = new LateTimer()
  private from: Mark | undefined
  private to: Mark | undefined

  constructor(told: Told) {
    this.told = told
    this.timer.start()
  }

  readonly goesOn = (): boolean => this.to === undefined

  /** A task has ended that was asked for then. */
  count(sinceMillis: number): void {
    const now = performance.now()
    if (this.from === undefined) {
      if (now - this.startMillis >= this.told.warmSeconds * 1_000) {
        beginSamples()
        this.from = mark()
        this.timer.clear()
      }
      return
    }
    if (this.to !== undefined) return
    this.latencies.record((now - sinceMillis) * 1e6)
    if (now - this.from.millis < this.told.seconds * 1_000) return
    this.to = mark()
    endSamples()
  }

  end(): Promise<Measurements> {
    const { from, latencies, timer, to } = this
    if (from === undefined || to === undefined) throw new Error("The window is not over")
    timer[Symbol.dispose]()
    const cpuPerOp = (to.cpuMicros - from.cpuMicros) / latencies.total
    const measured = {
      cpu_per_op: cpuPerOp,
      ops_per_second: (latencies.total / (to.millis - from.millis)) * 1_000,
      latency_p50: latencies.quantileNanos(0.5) / 1e6,
      latency_p99: latencies.quantileNanos(0.99) / 1e6,
      timer_late_p99: timer.p99()
    }
    return withProfile(measured, cpuPerOp)
  }
}
