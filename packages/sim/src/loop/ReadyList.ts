/**
 * What could run now in one phase: one entry for each ready task, naming its strand.
 *
 * Without a scheduling the oldest entry is next. With one, any entry may be, and the order within a
 * strand stays. It may pass a strand over for long, but not for ever: now and then the one that has
 * waited longest is next.
 */
import type { Scheduling } from "../explore/Scheduling.ts"
import type { Strand, Task } from "./Strand.ts"

// A power of two. With `n` strands ready, each is served at least once in `n` times as many picks.
const picksPerOldest = 1024

export class ReadyList {
  size = 0
  private readonly scheduling: Scheduling | undefined
  private entries: Array<Strand> = []
  private head = 0
  private picks = 0

  constructor(scheduling: Scheduling | undefined) {
    this.scheduling = scheduling
  }

  push(strand: Strand, task: Task, priority: number): void {
    if (this.scheduling !== undefined && strand.length === 0) strand.firstSince = this.picks
    strand.push(task, priority)
    this.entries.push(strand)
    this.size++
  }

  /** The strand whose first task is next, for the caller to shift. The list must not be empty. */
  next(): Strand {
    const { entries, scheduling } = this
    if (scheduling !== undefined) this.choose(scheduling)
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

  /** The highest rank of a strand that is ready; -Infinity if none is. */
  highest(rankOf: (strand: Strand) => number): number {
    const { entries } = this
    let highest = -Infinity
    for (let index = this.head; index < entries.length; index++) {
      highest = Math.max(highest, rankOf(entries[index]!))
    }
    return highest
  }

  // Puts the chosen entry first, and leaves the others in their order: 0 is always the oldest.
  private choose(scheduling: Scheduling): void {
    const { entries, head } = this
    const picks = ++this.picks
    if (entries.length - head > 1) {
      const isTimeForOldest = (picks & (picksPerOldest - 1)) === 0
      let index = isTimeForOldest ? this.oldest() : head + scheduling.pick(entries, head)
      const chosen = entries[index]!
      for (; index > head; index--) entries[index] = entries[index - 1]!
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
