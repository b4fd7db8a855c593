/** Stands in for the scheduler's list of fibers: knows only whether a fiber is new. */
interface Queue {
  scheduleTask(task: () => void, priority: number): void
  flush(): void
}

/** A fiber's dispatcher. */
class Newcomer {
  hasRun = false
  private readonly queue: Queue

  constructor(queue: Queue) {
    this.queue = queue
  }

  scheduleTask(task: () => void, priority: number): void {
    this.queue.scheduleTask(task, priority)
  }

  flush(): void {
    this.queue.flush()
  }
}

interface Dispatched {
  readonly currentDispatcher: Newcomer
}

export class LiveFibers {
  readonly length = 0
  nowMillis = 0
  private readonly queue: Queue

  constructor(queue: Queue) {
    this.queue = queue
  }

  newcomer(): Newcomer {
    return new Newcomer(this.queue)
  }

  resumed(fiber: Dispatched): boolean {
    const { currentDispatcher } = fiber
    const isNew = !currentDispatcher.hasRun
    currentDispatcher.hasRun = true
    return isNew
  }

  ran(fiber: Dispatched): boolean {
    return fiber.currentDispatcher.hasRun
  }

  queued(): void {}
  looked(): void {}
  forget(): void {}
  recent(): ReadonlyArray<never> {
    return []
  }
  count(): number {
    return 0
  }
  list(): ReadonlyArray<never> {
    return []
  }
}
