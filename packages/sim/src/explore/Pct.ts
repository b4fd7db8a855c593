/**
 * Probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010): each strand has a random
 * priority, and the highest one that is ready runs: a fiber is preempted as soon as a higher one
 * becomes ready, and at `depth` - 1 places the one that runs becomes the lowest of all. A bug that
 * needs `depth` orderings is found with a chance of at least 1 / (n k^(depth - 1)), for n strands
 * and k places.
 *
 * Only places where somebody else could run count, as in Shuttle.
 */
import type { Prng } from "../Prng.ts"
import type { Strand } from "../loop/Strand.ts"
import { type Policy, Quota } from "./Policy.ts"

const ranks = 1 << 20

export interface PctOptions {
  /** Orderings that the bug needs, 1 or more. */
  readonly depth: number
  /** Places where others could have run, as an earlier run counted them; 1 or more. */
  readonly choicePoints: number
}

/** The fibers that are ready. */
export interface ReadyFibers {
  readonly size: number
  /** The highest rank of those that may go before one that yields; -Infinity if there is none. */
  highest(rankOf: (strand: Strand) => number): number
}

export class Pct implements Policy {
  private readonly draws: Prng
  private readonly changes: Set<number>
  private readonly ready: () => ReadyFibers
  private running: Strand | undefined
  /** Of the task that was looked at last, until its fiber has a strand of its own. */
  private newborn: number | undefined
  private points = 0
  private lowest = 0

  constructor(draws: Prng, options: PctOptions, ready: () => ReadyFibers) {
    this.draws = draws
    this.ready = ready
    const places = Array.from(
      { length: options.depth - 1 },
      () => 1 + draws.below(Math.min(options.choicePoints, 1 << 21))
    )
    this.changes = new Set(places)
  }

  pick(entries: ReadonlyArray<Strand>, head: number): number {
    let index = this.indexOfHighest(entries, head)
    if (this.isChange()) {
      this.lower(entries[index]!)
      index = this.indexOfHighest(entries, head)
    }
    this.running = entries[index]
    return index - head
  }

  quota(): Quota {
    return Quota.all
  }

  preempts(strand: Strand): boolean {
    this.running = strand
    const ready = this.ready()
    if (ready.size === 0) return false
    if (this.isChange()) {
      this.lower(strand)
      return true
    }
    const rank = this.rankOf(strand)
    return this.hasHigherTask(strand, rank) || rank < ready.highest(this.rankOf)
  }

  // A child's start is queued on the strand of whoever forked it, but has a priority of its own.
  private hasHigherTask(strand: Strand, rank: number): boolean {
    if (strand.length === 0 || strand.ranked === strand.pushed) return false
    strand.ranked = strand.pushed
    this.newborn = this.draw()
    return this.newborn > rank
  }

  // Whoever woke it is ready as well: it runs on.
  defers(strand: Strand): boolean {
    const { running } = this
    return running !== undefined && this.rankOf(strand) < this.rankOf(running)
  }

  delay(_strand: Strand): number {
    return 0
  }

  private isChange(): boolean {
    return this.changes.has(++this.points)
  }

  private lower(strand: Strand): void {
    strand.rank = --this.lowest
  }

  // A strand that is new has its place at random among the others.
  private readonly rankOf = (strand: Strand): number => {
    if (strand.rank === undefined) {
      strand.rank = this.newborn ?? this.draw()
      this.newborn = undefined
    }
    return strand.rank
  }

  private draw(): number {
    return 1 + this.draws.below(ranks)
  }

  private indexOfHighest(entries: ReadonlyArray<Strand>, head: number): number {
    let found = head
    for (let index = head; index < entries.length; index++) {
      if (this.rankOf(entries[index]!) > this.rankOf(entries[found]!)) found = index
    }
    return found
  }
}
