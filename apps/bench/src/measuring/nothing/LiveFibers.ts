/** Stands in for the scheduler's list of fibers: knows only whether a fiber is new. */
const mark: unique symbol = Symbol("@portico/bench/started")

type Marked = object & { [mark]?: true }

export class LiveFibers {
  readonly length = 0
  nowMillis = 0

  resumed(fiber: Marked): boolean {
    const isNew = fiber[mark] === undefined
    if (isNew) fiber[mark] = true
    return isNew
  }

  ran(fiber: Marked): boolean {
    return fiber[mark] !== undefined
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
