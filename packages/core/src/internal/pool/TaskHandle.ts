/** A submitted task, for whoever awaits or cancels it. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { PoolError } from "../../PoolError.ts"
import { PoolReason } from "../../PoolReason.ts"
import type { CancelOutcome, PoolTask } from "../../PoolTask.ts"
import type { Job } from "./Job.ts"
import { badGrace, defaults, millisOf } from "./LaneArguments.ts"
import type { LaneWork } from "./LaneWork.ts"

export class TaskHandle<Result> implements PoolTask<Result> {
  private readonly work: LaneWork
  readonly job: Job

  constructor(work: LaneWork, job: Job) {
    this.work = work
    this.job = job
  }

  get await(): Effect.Effect<Result, PoolError> {
    const { job } = this
    return Effect.callback<unknown, PoolError>((resume) => {
      if (job.outcome !== undefined) return resume(job.outcome)
      job.observers.push(resume)
      return Effect.sync(() => {
        job.observers = job.observers.filter((one) => one !== resume)
      })
    }) as Effect.Effect<Result, PoolError>
  }

  get state(): Effect.Effect<"Waiting" | "Running" | "Ended"> {
    return Effect.sync(() => {
      if (this.job.place === "ended") return "Ended"
      const hasStarted = this.job.place === "handed" && this.work.port.workerOf(this.job) !== 0
      return hasStarted ? "Running" : "Waiting"
    })
  }

  readonly cancel = (options?: {
    readonly grace?: Duration.Input | undefined
  }): Effect.Effect<CancelOutcome, PoolError> =>
    Effect.suspend(() => {
      const { job, work } = this
      const bad = badGrace(options?.grace)
      if (bad !== undefined) {
        return Effect.fail(new PoolError({ lane: work.name, reason: bad }))
      }
      if (work.cancelUnstarted(job, PoolReason.Cancelled({ hasStarted: false }))) {
        return Effect.succeed<CancelOutcome>("NeverStarted")
      }
      work.stop(job, millisOf(options?.grace, defaults.graceMillis))
      return Effect.matchEffect(this.await, {
        onSuccess: () => Effect.succeed<CancelOutcome>("Ended"),
        onFailure: ({ reason }) =>
          Effect.succeed<CancelOutcome>(reason._tag === "Terminated" ? "Terminated" : "Ended")
      })
    })
}
