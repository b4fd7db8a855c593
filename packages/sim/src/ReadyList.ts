/**
 * What could run now: one entry for each ready task, naming its strand.
 *
 * In order `fifo` the oldest entry is next. In order `random` any entry may be, which picks a
 * strand in proportion to its tasks and leaves the order within the strand alone.
 */
import type { Prng } from "./Prng.ts"
import type { Strand, Task } from "./Strand.ts"

export type Order = "fifo" | "random"

export class ReadyList {
  private readonly draws: Prng | undefined
  private entries: Array<Strand> = []
  private head = 0

  constructor(order: Order, draws: Prng) {
    this.draws = order === "random" ? draws : undefined
  }

  get size(): number {
    return this.entries.length - this.head
  }

  push(strand: Strand, task: Task, priority: number): void {
    strand.push(task, priority)
    this.entries.push(strand)
  }

  /** The strand whose first task is next, for the caller to shift. The list must not be empty. */
  next(): Strand {
    const entries = this.entries
    if (this.draws !== undefined && entries.length - this.head > 1) {
      const index = this.head + this.draws.below(entries.length - this.head)
      const chosen = entries[index]!
      entries[index] = entries[this.head]!
      entries[this.head] = chosen
    }
    const strand = entries[this.head++]!
    if (this.head === entries.length) {
      entries.length = 0
      this.head = 0
    } else if (this.head >= 4096 && this.head * 2 >= entries.length) {
      entries.splice(0, this.head)
      this.head = 0
    }
    return strand
  }
}
