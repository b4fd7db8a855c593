/** What a scheduler counts of itself. See `LoopSnapshot`. */
import { LoopHistogram } from "../../LoopHistogram.ts"
import type { LoopSnapshot } from "../../LoopSnapshot.ts"
import type { LoopPort } from "../../port/LoopPort.ts"
import type { Lanes } from "./Lanes.ts"
import type { LiveFibers } from "./LiveFibers.ts"
import type { StepWatch } from "./StepWatch.ts"

export class LoopCounters {
  turns = 0
  tasks = 0
  callbacks = 0
  slices = 0
  putOff = 0
  busyMillis = 0
  readonly turnTime = new LoopHistogram()
  readonly lag = new LoopHistogram()
  private readonly loop: LoopPort
  private readonly madeAtMillis: number

  constructor(loop: LoopPort, madeAtMillis: number) {
    this.loop = loop
    this.madeAtMillis = madeAtMillis
  }

  snapshot(lanes: Lanes, live: LiveFibers, watch: StepWatch): LoopSnapshot {
    const { callbacks, putOff, slices, tasks, turns } = this
    const counts = { turns, tasks, callbacks, slices, putOff }
    const elapsed = this.loop.nowMillis() - this.madeAtMillis
    return {
      ...counts,
      queue: lanes.lengths(),
      queueLength: lanes.length,
      fibers: live.count(),
      turnTime: this.turnTime.view(),
      lag: this.lag.view(),
      utilization: this.loop.utilization() ?? (elapsed > 0 ? this.busyMillis / elapsed : 0),
      longestSteps: watch.long.longest
    }
  }
}
