/** From how a task ended in the port to what its caller gets. */
import * as Effect from "effect/Effect"
import type { PortTaskEnd, PortWorkerExit } from "../../port/WorkerPort.ts"
import { PoolReason } from "../../PoolReason.ts"
import type { Job, Outcome } from "./Job.ts"
import type { LaneFigures } from "./LaneFigures.ts"

export interface LaneFacts {
  readonly name: string
  readonly heapMaxMiB: number | undefined
}

export const reasonOfExit = (exit: PortWorkerExit, lane: LaneFacts): PoolReason => {
  switch (exit._tag) {
    case "Exited":
      return PoolReason.WorkerExited({ exitCode: exit.exitCode })
    case "Crashed":
      return PoolReason.WorkerCrashed({ error: exit.error })
    case "Signalled":
      return PoolReason.WorkerKilled({ signal: exit.signal })
    case "OutOfMemory":
      return PoolReason.OutOfMemory({ heapMaxMiB: lane.heapMaxMiB })
    case "Ended":
      return PoolReason.Closed()
  }
}

const reasonOf = (job: Job, end: PortTaskEnd, lane: LaneFacts): PoolReason | undefined => {
  switch (end._tag) {
    case "Succeeded":
      return undefined
    case "Failed":
      return job.isCancelled
        ? PoolReason.Cancelled({ hasStarted: true })
        : PoolReason.TaskFailed({ error: end.error })
    case "NotFound":
      return PoolReason.TaskNotFound({ problem: end.problem })
    case "NotCloneable":
      return PoolReason.NotCloneable({ what: end.what, problem: end.problem })
    case "WorkerEnded":
      return end.exit._tag === "Ended" && job.terminatedAfterMillis !== undefined
        ? PoolReason.Terminated({ graceMillis: job.terminatedAfterMillis })
        : reasonOfExit(end.exit, lane)
  }
}

/** Counts it as well. */
export const outcomeOf = (
  job: Job,
  end: PortTaskEnd,
  lane: LaneFacts,
  { tasks }: LaneFigures
): Outcome => {
  const reason = reasonOf(job, end, lane)
  if (reason === undefined) {
    tasks.succeeded++
    return Effect.succeed(end._tag === "Succeeded" ? end.value : undefined)
  }
  tasks.failed++
  if (reason._tag === "Terminated") tasks.terminated++
  else if (end._tag === "WorkerEnded") tasks.crashed++
  return job.failing(lane.name, reason)
}
