/** What a lane is doing now, as plain data. */
import type { LaneSnapshot, TokenHolder } from "../../LaneSnapshot.ts"
import { format } from "../../Task.ts"
import type { LaneWork } from "./LaneWork.ts"

export const snapshotOf = ({ crew, figures, line, port }: LaneWork): LaneSnapshot => {
  const holders: Array<TokenHolder> = []
  for (const job of line.handed) {
    const worker = port.workerOf(job)
    if (worker === 0) continue
    const { fiberId, isAbandoned, isCancelled } = job
    holders.push({ worker, task: format(job.task), fiberId, isAbandoned, isCancelled })
  }
  for (const { fiberId } of line.holding) {
    holders.push({
      worker: undefined,
      task: undefined,
      fiberId,
      isAbandoned: false,
      isCancelled: false
    })
  }
  return {
    ...line.bounds,
    threads: crew.size,
    waiting: line.outstanding - holders.length,
    holders,
    tasks: { ...figures.tasks },
    threadCounts: { ...figures.threads },
    waitTime: figures.waitTime.view(),
    runTime: figures.runTime.view()
  }
}
