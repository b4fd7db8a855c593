/** A scheduler that a test asks afterwards what it was asked: by operation, and by task. */
import type * as Fiber from "effect/Fiber"
import type { Scheduler, SchedulerDispatcher } from "effect/Scheduler"

type AnyFiber = Fiber.Fiber<unknown, unknown>

export type Asked =
  | { readonly _tag: "Operation"; readonly fiber: AnyFiber; readonly count: number }
  | { readonly _tag: "Task"; readonly priority: number; readonly run: () => void }

export class AskedScheduler implements Scheduler {
  readonly executionMode = "async"
  readonly asked: Array<Asked> = []
  dispatchers = 0
  private readonly queue: Array<() => void> = []
  private readonly answer: (fiber: AnyFiber, count: number) => boolean

  /** `answer` is given each operation's fiber and number; by default nobody has to yield. */
  constructor(answer: (fiber: AnyFiber, count: number) => boolean = () => false) {
    this.answer = answer
  }

  shouldYield(fiber: AnyFiber): boolean {
    const count = fiber.currentOpCount
    this.asked.push({ _tag: "Operation", fiber, count })
    return this.answer(fiber, count)
  }

  makeDispatcher(): SchedulerDispatcher {
    this.dispatchers++
    return {
      scheduleTask: (run, priority) => {
        this.asked.push({ _tag: "Task", priority, run })
        this.queue.push(run)
      },
      flush: () => this.settle()
    }
  }

  /** Runs the oldest task; false without any. */
  step(): boolean {
    const task = this.queue.shift()
    task?.()
    return task !== undefined
  }

  settle(): void {
    while (this.step());
  }

  /** The numbers of the operations so far, of one fiber or of all. */
  counts(fiber?: AnyFiber): ReadonlyArray<number> {
    return this.asked.flatMap((one) =>
      one._tag === "Operation" && (fiber ?? one.fiber) === one.fiber ? [one.count] : []
    )
  }

  get priorities(): ReadonlyArray<number> {
    return this.asked.flatMap((one) => (one._tag === "Task" ? [one.priority] : []))
  }
}
