/**
 * The fibers of a scheduler, from their first start until they have ended.
 *
 * Effect does not tell a scheduler that a fiber ended. So for each start two entries of the list
 * are looked at, and dropped if they have: constant work, and the list stays below twice the live
 * fibers and `startsMax`. An ended fiber is held, with its exit, until as many have started as are
 * alive.
 */
import type * as Fiber from "effect/Fiber"
import type { KnownFiber } from "../../LoopScheduler.ts"

type AnyFiber = Fiber.Fiber<unknown, unknown>

/** Starts after which the list is swept, if nobody forgets who ran before. */
const startsMax = 1024

/**
 * When the fiber last began to run, in milliseconds; -1 - that while it stands in the run queue. On
 * the fiber itself: a WeakMap costs a fork as much again as the fork.
 */
const mark: unique symbol = Symbol("@portico/core/resumedAt")
interface Marked {
  [mark]?: number
}

const atOf = (fiber: AnyFiber): number => {
  const at = (fiber as Marked)[mark]!
  return at < 0 ? -1 - at : at
}

const isLive = (fiber: AnyFiber): boolean => fiber.pollUnsafe() === undefined

export class LiveFibers {
  private readonly fibers: Array<AnyFiber> = []
  private cursor = 0
  private starts = 0
  /** Who ran then or later is recent. */
  private sinceMillis = 0

  /** `fiber` runs, or begins to. True the first time ever. */
  resumed(fiber: AnyFiber, atMillis: number): boolean {
    const marked = fiber as Marked
    const before = marked[mark]
    // V8 allocates for each fraction that is stored, and many steps have the time of one look.
    if (before === atMillis) return false
    marked[mark] = atMillis
    if (before !== undefined) return false
    this.add(fiber)
    return true
  }

  /** `fiber`, which runs, is put into the run queue. */
  queued(fiber: AnyFiber): void {
    const marked = fiber as Marked
    marked[mark] = -1 - marked[mark]!
  }

  private add(fiber: AnyFiber): void {
    this.fibers.push(fiber)
    if (++this.starts === startsMax) this.sweep()
  }

  /** Who ran before `atMillis` is not recent any more. */
  forget(atMillis: number): void {
    this.sinceMillis = atMillis
    if (this.starts > 0) this.sweep()
  }

  private sweep(): void {
    const { fibers } = this
    for (let left = 2 * this.starts; left > 0 && fibers.length > 0; left--) {
      if (this.cursor >= fibers.length) this.cursor = 0
      const fiber = fibers[this.cursor]!
      if (isLive(fiber)) this.cursor++
      else {
        const last = fibers.pop()!
        if (last !== fiber) fibers[this.cursor] = last
      }
    }
    this.starts = 0
  }

  /** Entries of the list: live fibers, and ended ones that were not dropped yet. */
  get length(): number {
    return this.fibers.length
  }

  /** Those that ran lately, ended ones too; the latest first. */
  recent(): ReadonlyArray<AnyFiber> {
    const recent = this.fibers.filter((fiber) => atOf(fiber) >= this.sinceMillis)
    return recent.sort((a, b) => atOf(b) - atOf(a) || a.id - b.id)
  }

  count(): number {
    return this.fibers.filter(isLive).length
  }

  list(): ReadonlyArray<KnownFiber> {
    return this.fibers
      .filter(isLive)
      .map((fiber) => ({
        fiber,
        resumedAtMillis: atOf(fiber),
        isQueued: (fiber as Marked)[mark]! < 0
      }))
      .sort((a, b) => a.fiber.id - b.fiber.id)
  }
}
