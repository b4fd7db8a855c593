/**
 * The fibers that live in a world, and what is known of each: when it ran, whether it is queued,
 * and what it waits for, as far as anybody said so.
 */
import type { KnownFiber } from "@portico/core/LoopScheduler"
import * as Fiber from "effect/Fiber"

/** Something a fiber can wait for that core does not know of. Looked at only for reports. */
export interface Waitable {
  describeWait(): string
}

/** Why a fiber stands in the run queue. */
export type Queued = "no" | "putOff" | "spent"

interface Entry {
  /** From 1, in order of appearance. Effect's own ids go on counting from run to run. */
  readonly number: number
  resumedAtNanos: number
  queued: Queued
  waitable: Waitable | undefined
}

export type AnyFiber = Fiber.Fiber<unknown, unknown>

export interface FoundFiber {
  readonly fiber: AnyFiber
  readonly number: number
  readonly waitsFor: string | undefined
}

export class Fibers {
  private readonly entries = new Map<AnyFiber, Entry>()
  private appeared = 0
  private pruneAt = 64
  /** Told to yield because their slice was over, and not resumed since. */
  spent = 0

  /** `fiber` runs: it waits for nothing now. True when it never ran before. */
  resumed(fiber: AnyFiber, nanos: number): boolean {
    const entry = this.entries.get(fiber)
    if (entry !== undefined) {
      entry.waitable = undefined
      entry.resumedAtNanos = nanos
      if (entry.queued !== "no") this.queue(entry, "no")
      return false
    }
    if (this.entries.size >= this.pruneAt) this.prune()
    const number = ++this.appeared
    this.entries.set(fiber, { number, resumedAtNanos: nanos, queued: "no", waitable: undefined })
    return true
  }

  /** Its number; 0 if it never ran here. */
  numberOf(fiber: AnyFiber): number {
    return this.entries.get(fiber)?.number ?? 0
  }

  /** `fiber`, which runs, was told to yield. */
  yields(fiber: AnyFiber, queued: Queued): void {
    const entry = this.entries.get(fiber)
    if (entry !== undefined) this.queue(entry, queued)
  }

  private queue(entry: Entry, queued: Queued): void {
    if (entry.queued === "spent") this.spent--
    if (queued === "spent") this.spent++
    entry.queued = queued
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

  known(): ReadonlyArray<KnownFiber> {
    this.prune()
    return Array.from(this.entries, ([fiber, { queued, resumedAtNanos }]) => ({
      fiber,
      resumedAtMillis: resumedAtNanos / 1e6,
      isQueued: queued !== "no"
    }))
  }

  /** The fiber whose id Effect says is `id`, its number, and what it asked to wait for. */
  find(id: number): FoundFiber | undefined {
    for (const [fiber, { number, waitable }] of this.entries) {
      if (fiber.id === id) return { fiber, number, waitsFor: waitable?.describeWait() }
    }
    return undefined
  }

  // Fibers end without telling the scheduler, so the ended ones are looked for when the map has
  // doubled: constant work per fiber.
  private prune(): void {
    for (const [fiber, entry] of this.entries) {
      if (fiber.pollUnsafe() === undefined) continue
      this.queue(entry, "no")
      this.entries.delete(fiber)
    }
    this.pruneAt = Math.max(64, this.entries.size * 2)
  }
}
