/**
 * The fibers of a scheduler, from their first start until they have ended.
 *
 * Effect does not tell a scheduler that a fiber ended. So each start looks at two entries of the
 * list and drops those that have: constant work, and the list stays below twice the live fibers. An
 * ended fiber is held, with its exit, until as many have started as are alive.
 */
import type * as Fiber from "effect/Fiber"
import type { KnownFiber } from "../LoopScheduler.ts"

type AnyFiber = Fiber.Fiber<unknown, unknown>

/**
 * When the fiber last began to run, in whole milliseconds; -1 - that while it stands in the run
 * queue. On the fiber itself: a WeakMap costs a fork as much again as the fork.
 */
const mark: unique symbol = Symbol("@portico/core/resumedAt")
interface Marked {
  [mark]?: number
}

export class LiveFibers {
  private readonly fibers: Array<AnyFiber> = []
  private cursor = 0

  /** `fiber` begins to run. True the first time ever. */
  resumed(fiber: AnyFiber, atMillis: number): boolean {
    const marked = fiber as Marked
    const isNew = marked[mark] === undefined
    if (isNew) this.add(fiber)
    marked[mark] = Math.floor(atMillis)
    return isNew
  }

  /** `fiber` runs, and may have begun under another scheduler: a layer changes it on the way. */
  seen(fiber: AnyFiber, atMillis: number): void {
    if ((fiber as Marked)[mark] === undefined) this.resumed(fiber, atMillis)
  }

  /** `fiber`, which runs, is put into the run queue. */
  queued(fiber: AnyFiber): void {
    const marked = fiber as Marked
    marked[mark] = -1 - marked[mark]!
  }

  private add(fiber: AnyFiber): void {
    this.drop()
    this.drop()
    this.fibers.push(fiber)
  }

  // Drops the entry at the cursor if its fiber has ended, and moves on.
  private drop(): void {
    const { fibers } = this
    if (this.cursor >= fibers.length) this.cursor = 0
    const fiber = fibers[this.cursor]
    if (fiber === undefined || fiber.pollUnsafe() === undefined) this.cursor++
    else {
      const last = fibers.pop()!
      if (last !== fiber) fibers[this.cursor] = last
    }
  }

  list(): ReadonlyArray<KnownFiber> {
    return this.fibers
      .filter((fiber) => fiber.pollUnsafe() === undefined)
      .map((fiber) => {
        const at = (fiber as Marked)[mark]!
        return { fiber, resumedAtMillis: at < 0 ? -1 - at : at, isQueued: at < 0 }
      })
      .sort((a, b) => a.fiber.id - b.fiber.id)
  }
}
