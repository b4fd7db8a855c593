/**
 * What an operation costs while nobody disturbs: a window in slices of 20 ms, and the one at the
 * end of the cheapest twentieth.
 *
 * Neighbours of a virtual machine can only add to CPU time, and do so by a third for a second, but
 * hardly through a whole window. A slice has several of the young generation's collections and few
 * of the old one's.
 */
import type { Measurements } from "../../Metric.ts"
import { cpuPerOp, type Mark } from "./Mark.ts"

/** A window in slices, each of which ends when it is due. */
export interface Sliced {
  /** Whether it is time to mark the end of a slice. */
  isDue(millis: number): boolean
  end(to: Mark): void
  readonly measurements: Measurements
}

const sliceMillis = 20
const part = 1 / 20

export class Slices implements Sliced {
  private readonly costs: Array<number> = []
  private from: Mark

  constructor(from: Mark) {
    this.from = from
  }

  isDue(millis: number): boolean {
    return millis >= this.from.millis + sliceMillis
  }

  end(to: Mark): void {
    this.costs.push(cpuPerOp(this.from, to))
    this.from = to
  }

  /** In microseconds; undefined of a window that was shorter than one slice. */
  get quiet(): number | undefined {
    const sorted = this.costs.toSorted((a, b) => a - b)
    return sorted[Math.floor(sorted.length * part)]
  }

  get measurements(): Measurements {
    const { quiet } = this
    return quiet === undefined ? {} : { cpu_per_op_quiet: quiet }
  }
}

/** How windows are sliced in this process. */
export const slicing: { begin: (from: Mark) => Sliced } = { begin: (from) => new Slices(from) }
