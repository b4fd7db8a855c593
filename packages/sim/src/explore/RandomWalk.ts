/**
 * Any task that is ready may be next, any phase may run any part of its tasks, and before any
 * operation a fiber may be preempted.
 */
import type { Prng } from "../Prng.ts"
import type { Strand } from "../loop/Strand.ts"
import { type Policy, type Quota, quotas } from "./Policy.ts"

const chances = 1 << 20

export class RandomWalk implements Policy {
  private readonly draws: Prng
  private readonly preemptBelow: number

  /** `preempt` is the chance that a fiber is preempted before an operation, 0 to 1. */
  constructor(draws: Prng, preempt: number) {
    this.draws = draws
    this.preemptBelow = Math.round(preempt * chances)
  }

  pick(entries: ReadonlyArray<Strand>, head: number): number {
    return this.draws.below(entries.length - head)
  }

  quota(): Quota {
    return this.draws.below(quotas) as Quota
  }

  preempts(_strand: Strand): boolean {
    return this.preemptBelow > 0 && this.draws.below(chances) < this.preemptBelow
  }

  defers(strand: Strand): boolean {
    return this.preempts(strand)
  }

  delay(_strand: Strand): number {
    return 0
  }
}
