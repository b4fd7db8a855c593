/**
 * Counts operations through a warm-up and a timed window.
 *
 * The clock is read every `opsPerLook` operations and by them, because what is measured may keep
 * every timer of the host from firing.
 */
import type { Measurements } from "../../Metric.ts"
import { beginSamples, endSamples } from "../../servers/Sampled.ts"
import type { Task } from "../Task.ts"
import { cpuPerOp, type Mark, markNow } from "./Mark.ts"
import { type Sliced, slicing } from "./Slices.ts"

/** A power of two. */
const opsPerLook = 256

/** Called in the operation that finds the window begun, or over. */
interface Events {
  readonly onStart?: () => void
  readonly onEnd?: () => void
}

export class Meter {
  private ops = 0
  private startMillis: number
  private readonly windowMillis: number
  private readonly events: Events
  private from: Mark | undefined
  private to: Mark | undefined
  private slices: Sliced | undefined

  /** The warm-up begins now. */
  constructor(
    { seconds, warmSeconds }: Pick<Task, "seconds" | "warmSeconds">,
    events: Events = {}
  ) {
    this.startMillis = performance.now() + warmSeconds * 1_000
    this.windowMillis = seconds * 1_000
    this.events = events
  }

  /** Counts one operation. */
  readonly count = (): void => {
    this.ops++
    if ((this.ops & (opsPerLook - 1)) === 0) this.look()
  }

  /** Until the window is over. */
  readonly goesOn = (): boolean => this.to === undefined

  private look(): void {
    const millis = performance.now()
    if (this.from === undefined) {
      if (millis < this.startMillis) return
      beginSamples()
      this.from = markNow(this.ops)
      this.slices = slicing.begin(this.from)
      this.events.onStart?.()
      return
    }
    if (this.to !== undefined) return
    if (this.slices!.isDue(millis)) this.slices!.end(markNow(this.ops))
    if (millis >= this.from.millis + this.windowMillis) {
      this.to = markNow(this.ops)
      endSamples()
      this.events.onEnd?.()
    }
  }

  private get window(): { readonly from: Mark; readonly to: Mark } {
    const { from, to } = this
    if (from === undefined || to === undefined) throw new Error("The window is not over")
    return { from, to }
  }

  get seconds(): number {
    const { from, to } = this.window
    return (to.millis - from.millis) / 1_000
  }

  get opsPerSecond(): number {
    const { from, to } = this.window
    return (to.ops - from.ops) / this.seconds
  }

  /** Of the window. */
  get measurements(): Measurements {
    const { from, to } = this.window
    return {
      cpu_per_op: cpuPerOp(from, to),
      ...this.slices?.measurements,
      ops_per_second: this.opsPerSecond
    }
  }
}
