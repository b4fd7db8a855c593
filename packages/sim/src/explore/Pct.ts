/**
 * Probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010): each strand has a random
 * priority, the highest one that is ready runs, and at `depth` - 1 places the one that runs becomes
 * the lowest of all. A bug that needs `depth` orderings is found with a chance of at least
 * 1 / (n k^(depth - 1)), for n strands and k places.
 *
 * Only places where somebody else could run count, as in Shuttle.
 */
import type { Prng } from "../Prng.ts"
import type { Strand } from "../Strand.ts"
import { type Policy, Quota } from "./Policy.ts"

const ranks = 1 << 20

export interface PctOptions {
  /** Orderings that the bug needs, 1 or more. */
  readonly depth: number
  /** Places where others could have run, as an earlier run counted them; 1 or more. */
  readonly choicePoints: number
}

export class Pct implements Policy {
  private readonly draws: Prng
  private readonly changes: Set<number>
  private readonly hasOthers: () => boolean
  private points = 0
  private lowest = 0

  /** `hasOthers`: whether any other fiber is ready. */
  constructor(draws: Prng, options: PctOptions, hasOthers: () => boolean) {
    this.draws = draws
    this.hasOthers = hasOthers
    const places = Array.from(
      { length: options.depth - 1 },
      () => 1 + draws.below(Math.min(options.choicePoints, 1 << 21))
    )
    this.changes = new Set(places)
  }

  pick(entries: ReadonlyArray<Strand>, head: number): number {
    const first = this.highest(entries, head)
    if (!this.isChange()) return first - head
    this.lower(entries[first]!)
    return this.highest(entries, head) - head
  }

  quota(): Quota {
    return Quota.all
  }

  preempts(strand: Strand): boolean {
    if (!this.hasOthers() || !this.isChange()) return false
    this.lower(strand)
    return true
  }

  defers(strand: Strand): boolean {
    return this.preempts(strand)
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

  private highest(entries: ReadonlyArray<Strand>, head: number): number {
    let found = head
    for (let index = head; index < entries.length; index++) {
      const strand = entries[index]!
      if (strand.rank === undefined) strand.rank = 1 + this.draws.below(ranks)
      if (strand.rank > entries[found]!.rank!) found = index
    }
    return found
  }
}
