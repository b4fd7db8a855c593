/**
 * What a scheduler knows of one fiber.
 *
 * It is that fiber's dispatcher, too, for which Effect has a field on every fiber. A property of
 * ours would be added after a fiber is made: V8 and JavaScriptCore keep it beside the object, and
 * fibers with it and without have two shapes, which all of Effect's code would have to tell apart.
 */
import type * as Fiber from "effect/Fiber"
import type { SchedulerDispatcher } from "effect/Scheduler"

export type AnyFiber = Fiber.Fiber<unknown, unknown>

/** The list that it stands in. */
interface List {
  readonly queue: SchedulerDispatcher
}

export class LiveFiber implements SchedulerDispatcher {
  readonly list: List
  /** Undefined before it runs for the first time. */
  fiber: AnyFiber | undefined = undefined
  /** The look before it last ran, 0 before the first time; -1 - that in the run queue. */
  ranAt = 0

  constructor(list: List) {
    this.list = list
  }

  scheduleTask(task: () => void, priority: number): void {
    this.list.queue.scheduleTask(task, priority)
  }

  flush(): void {
    this.list.queue.flush()
  }

  get isQueued(): boolean {
    return this.ranAt < 0
  }

  /** The look before it last ran. */
  get look(): number {
    return this.isQueued ? -1 - this.ranAt : this.ranAt
  }

  get isAlive(): boolean {
    return this.fiber!.pollUnsafe() === undefined
  }
}
