/**
 * A window in slices of 20 ms, in which the scheduler does nothing beside its work, lists its
 * fibers, or measures as well, by turns: what an operation costs in one over what it does in its
 * neighbour.
 *
 * A machine that is disturbed is so for longer than the three take together. The order of the
 * three changes from one cycle to the next, so that what drifts does not favour one of them.
 */
import type { Measurements } from "../../Metric.ts"
import { cpuPerOp, type Mark } from "../../scheduler/programs/Mark.ts"
import { median } from "../../Statistics.ts"
import type { Sliced } from "../../scheduler/programs/Slices.ts"
import { everything, listing, type Mode, mode, nothing } from "./mode.ts"

const sliceMillis = 20
/** After each change: caches and the list of fibers get used to it. */
const restMillis = 5

const orders: ReadonlyArray<ReadonlyArray<Mode>> = [
  [nothing, listing, everything],
  [everything, listing, nothing],
  [listing, everything, nothing],
  [nothing, everything, listing],
  [everything, nothing, listing],
  [listing, nothing, everything]
]

type Costs = { [mode in Mode]: number }

export class SwitchedSlices implements Sliced {
  private readonly cycles: Array<Costs> = []
  private costs: Costs = [0, 0, 0]
  private step = 0
  private isResting = true
  private from: Mark

  constructor(from: Mark) {
    this.from = from
    this.turn()
  }

  isDue(millis: number): boolean {
    return millis >= this.from.millis + (this.isResting ? restMillis : sliceMillis)
  }

  end(to: Mark): void {
    if (this.isResting) this.isResting = mode.now !== mode.wanted
    else {
      this.costs[mode.now] = cpuPerOp(this.from, to)
      this.next()
    }
    this.from = to
  }

  private next(): void {
    this.step++
    if (this.step % 3 === 0) {
      this.cycles.push(this.costs)
      this.costs = [0, 0, 0]
    }
    this.isResting = true
    this.turn()
  }

  private turn(): void {
    mode.wanted = orders[Math.floor(this.step / 3) % orders.length]![this.step % 3]!
  }

  /** Of a window that was shorter than a cycle, none. */
  get measurements(): Measurements {
    if (this.cycles.length === 0) return {}
    const ratio = (over: Mode, under: Mode) =>
      median(this.cycles.map((costs) => costs[over] / costs[under]))
    return {
      measuring_to_list: ratio(everything, listing),
      measuring_to_nothing: ratio(everything, nothing),
      list_to_nothing: ratio(listing, nothing)
    }
  }
}
