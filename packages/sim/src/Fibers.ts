/**
 * The fibers that live in a world, and what each waits for, as far as anybody said so.
 */
import * as Fiber from "effect/Fiber"

/** Something a fiber can wait for that is no handle. Looked at only when a report is made. */
export interface Waitable {
  describeWait(): string
}

interface Entry {
  /** From 1, in order of appearance. Effect's own ids go on counting from run to run. */
  readonly number: number
  waitable: Waitable | undefined
}

export type AnyFiber = Fiber.Fiber<unknown, unknown>

export class Fibers {
  private readonly entries = new Map<AnyFiber, Entry>()
  private appeared = 0
  private pruneAt = 64

  /** `fiber` runs: it waits for nothing now. True when it never ran before. */
  resumed(fiber: AnyFiber): boolean {
    const entry = this.entries.get(fiber)
    if (entry !== undefined) {
      entry.waitable = undefined
      return false
    }
    if (this.entries.size >= this.pruneAt) this.prune()
    this.entries.set(fiber, { number: ++this.appeared, waitable: undefined })
    return true
  }

  /**
   * The running fiber asked for `waitable` and was told to wait. Believed until it runs again: a
   * fiber that goes on to wait for something else is reported wrongly.
   */
  waitsFor(waitable: Waitable): void {
    const fiber = Fiber.getCurrent()
    const entry = fiber === undefined ? undefined : this.entries.get(fiber)
    if (entry !== undefined) entry.waitable = waitable
  }

  /** Those that have not ended, in order of appearance. */
  alive(): ReadonlyArray<AnyFiber> {
    this.prune()
    return Array.from(this.entries.keys())
  }

  /** A line for each live fiber: its number, its span or stack frame, what it waits for. */
  describe(waits: (fiber: AnyFiber) => string | undefined): ReadonlyArray<string> {
    this.prune()
    return Array.from(this.entries, ([fiber, entry]) => {
      const span = fiber.cache.span
      const name = (span?._tag === "Span" ? span.name : undefined) ?? fiber.cache.stackFrame?.name
      const label =
        name === undefined ? `fiber #${entry.number}` : `fiber #${entry.number} "${name}"`
      const what = waits(fiber) ?? entry.waitable?.describeWait() ?? "something that is not I/O"
      return `${label} waits for ${what}`
    })
  }

  // Fibers end without telling the scheduler, so the ended ones are looked for when the map has
  // doubled: constant work per fiber.
  private prune(): void {
    for (const fiber of this.entries.keys()) {
      if (fiber.pollUnsafe() !== undefined) this.entries.delete(fiber)
    }
    this.pruneAt = Math.max(64, this.entries.size * 2)
  }
}
