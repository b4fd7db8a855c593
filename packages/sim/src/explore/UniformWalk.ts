/**
 * Selective uniform random walk (Zhao et al., ASPLOS 2025): strands in proportion to the steps that
 * they have left, so that all interleavings are about equally likely. Without that, long strands
 * nearly always end last.
 */
import type { Prng } from "../Prng.ts"
import type { Strand } from "../loop/Strand.ts"
import { type Policy, Quota } from "./Policy.ts"

export class UniformWalk implements Policy {
  private readonly draws: Prng
  private readonly left: Array<number>

  /** `steps`: by the number of each strand, how many an earlier run had; the rest have one. */
  constructor(draws: Prng, steps: ReadonlyArray<number>) {
    this.draws = draws
    this.left = steps.slice()
  }

  pick(entries: ReadonlyArray<Strand>, head: number): number {
    let sum = 0
    for (let index = head; index < entries.length; index++) sum += this.weight(entries[index]!)
    let draw = this.draws.below(sum)
    let index = head
    while ((draw -= this.weight(entries[index]!)) >= 0) index++
    const { id } = entries[index]!
    this.left[id] = (this.left[id] ?? 0) - 1
    return index - head
  }

  private weight(strand: Strand): number {
    return Math.min(1000, Math.max(1, this.left[strand.id] ?? 1))
  }

  quota(): Quota {
    return Quota.all
  }

  preempts(_strand: Strand): boolean {
    return true
  }

  defers(_strand: Strand): boolean {
    return this.draws.below(2) === 1
  }

  delay(_strand: Strand): number {
    return 0
  }
}
