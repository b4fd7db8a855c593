/**
 * What could run now in one phase: one entry for each ready task, naming its strand.
 *
 * In order `fifo` the oldest entry is next. In order `random` any entry may be, which picks a
 * strand in proportion to its tasks and leaves the order within the strand alone. Chance may pass
 * a strand over for long, but not for ever: now and then the one that has waited longest is next.
 */
import type { Prng } from "./Prng.ts"
import type { Strand, Task } from "./Strand.ts"

export type Order = "fifo" | "random"

// A power of two. With `n` strands ready, each is served at least once in `n` times as many picks.
const picksPerOldest = 1024

export class ReadyList {
  size = 0
  private readonly draws: Prng | undefined
  private entries: Array<Strand> = []
  private head = 0
  private picks = 0

  constructor(order: Order, draws: Prng) {
    this.draws = order === "random" ? draws : undefined
  }

  push(strand: Strand, task: Task, priority: number): void {
    if (this.draws !== undefined && strand.length === 0) strand.firstSince = this.picks
    strand.push(task, priority)
    this.entries.push(strand)
    this.size++
  }

  /** The strand whose first task is next, for the caller to shift. The list must not be empty. */
  next(): Strand {
    const { draws, entries } = this
    if (draws !== undefined) this.choose(draws)
    this.size--
    // As in `Strand.shift`.
    if (entries.length === 1) return entries.pop()!
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

  // Puts the chosen entry first.
  private choose(draws: Prng): void {
    const { entries, head } = this
    const picks = ++this.picks
    const count = entries.length - head
    if (count > 1) {
      const isTimeForOldest = (picks & (picksPerOldest - 1)) === 0
      const index = isTimeForOldest ? this.oldest() : head + draws.below(count)
      const chosen = entries[index]!
      entries[index] = entries[head]!
      entries[head] = chosen
    }
    entries[head]!.firstSince = picks
  }

  private oldest(): number {
    const { entries } = this
    let oldest = this.head
    for (let index = oldest + 1; index < entries.length; index++) {
      if (entries[index]!.firstSince < entries[oldest]!.firstSince) oldest = index
    }
    return oldest
  }
}
