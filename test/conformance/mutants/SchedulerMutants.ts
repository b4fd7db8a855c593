/** Schedulers of fibers that are unfair, or lose something. */
import type { LoopScheduler } from "@portico/core"
import type { Mutant } from "./Mutant.ts"
import { overriding } from "./Mutant.ts"

const schedulerMutant = (
  name: string,
  caughtBy: string,
  changes: (scheduler: LoopScheduler.LoopScheduler) => Partial<LoopScheduler.LoopScheduler>
): Mutant => ({
  name,
  caughtBy,
  change: (ports) => ({
    ...ports,
    scheduler: overriding(ports.scheduler, changes(ports.scheduler))
  })
})

/** A mutant that queues tasks in another way. */
const queueMutant = (
  name: string,
  caughtBy: string,
  schedule: (
    scheduleTask: (task: () => void, priority: number) => void,
    task: () => void,
    priority: number
  ) => void
): Mutant =>
  schedulerMutant(name, caughtBy, (scheduler) => ({
    makeDispatcher: () => {
      const dispatcher = scheduler.makeDispatcher()
      return {
        scheduleTask: (task, priority) =>
          schedule((one, of) => dispatcher.scheduleTask(one, of), task, priority),
        flush: () => dispatcher.flush()
      }
    }
  }))

const putOff = (
  scheduleTask: (task: () => void, priority: number) => void,
  task: () => void,
  times: number
): void => scheduleTask(times === 0 ? task : () => putOff(scheduleTask, task, times - 1), 0)

export const schedulerMutants: ReadonlyArray<Mutant> = [
  queueMutant("knows no priorities", "SCHED-01", (scheduleTask, task) => scheduleTask(task, 0)),

  queueMutant("lets high numbers wait for all others", "SCHED-02", (scheduleTask, task, priority) =>
    priority > 0 ? putOff(scheduleTask, task, 20_000) : scheduleTask(task, priority)
  ),

  schedulerMutant("puts off the interruption of a fiber that has not started", "SCHED-06", () => {
    let resumes = 0
    return { shouldYield: (fiber) => fiber.currentOpCount === 1 && ++resumes % 2 === 0 }
  }),

  schedulerMutant("lets a fiber compute for ever", "SCHED-05", (scheduler) => ({
    shouldYield: (fiber) => fiber.currentOpCount === 1 && scheduler.shouldYield(fiber)
  })),

  schedulerMutant("lets a fiber compute for ever", "FIBER-03", (scheduler) => ({
    shouldYield: (fiber) => fiber.currentOpCount === 1 && scheduler.shouldYield(fiber)
  }))
]
