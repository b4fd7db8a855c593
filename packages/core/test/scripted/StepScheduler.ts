/**
 * A scheduler that lets a fiber run one operation at a time, so that a test can do something
 * between any two of them.
 */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { Scheduler, SchedulerDispatcher } from "effect/Scheduler"
import type { ScriptedHost } from "./ScriptedPorts.ts"

export class StepScheduler implements Scheduler {
  readonly executionMode = "async"
  private readonly tasks: Array<() => void> = []
  private isOurs = false

  // The count is 1 at the first operation after a resume. One that the host caused yields at once;
  // in one of ours that operation is only the end of the yield, and the one it was for comes next.
  shouldYield(fiber: Fiber.Fiber<unknown, unknown>): boolean {
    const count = fiber.currentOpCount
    if (count > 2) return true
    const isOurs = this.isOurs
    if (count === 1) this.isOurs = false
    return count === 1 && !isOurs
  }

  makeDispatcher(): SchedulerDispatcher {
    return {
      scheduleTask: (task) => void this.tasks.push(task),
      flush: () => {
        while (this.step());
      }
    }
  }

  /** Lets one fiber run one operation; false when none can run. */
  step(): boolean {
    const task = this.tasks.shift()
    this.isOurs = task !== undefined
    task?.()
    this.isOurs = false
    return task !== undefined
  }
}

/** A fiber, run in steps; between them the test does what it likes. */
export class Stepped<A, E> {
  readonly fiber: Fiber.Fiber<A, E>
  private readonly scheduler: StepScheduler
  private readonly host: ScriptedHost

  constructor(host: ScriptedHost, effect: Effect.Effect<A, E>, scheduler = new StepScheduler()) {
    this.host = host
    this.scheduler = scheduler
    this.fiber = Effect.runFork(effect, { scheduler })
  }

  /** One operation, or else one callback of the host; false when there is neither. */
  step(): boolean {
    return this.scheduler.step() || this.host.step()
  }

  steps(count: number): void {
    for (let index = 0; index < count; index++) this.step()
  }

  settle(): void {
    while (this.step());
  }

  interrupt(): void {
    this.fiber.interruptUnsafe()
  }
}

/** Steps until which a test looks: more than any operation here takes. */
export const stepsMax = 24

export const steps: ReadonlyArray<number> = Array.from({ length: stepsMax }, (_, index) => index)
/** A step that does not come. */
export const never = -1
