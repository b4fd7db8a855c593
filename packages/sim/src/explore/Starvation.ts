/**
 * Some strands are slow, as in rr's chaos mode (O'Callahan, 2016): what they have to do is held
 * back for up to 2 s of virtual time, though nothing else is ready. Else as a random walk.
 */
import type { Prng } from "../Prng.ts"
import type { Strand } from "../loop/Strand.ts"
import { delaysMax, type Policy } from "./Policy.ts"
import { RandomWalk } from "./RandomWalk.ts"

/** One strand in so many is slow, and one task of it in so many is held back. */
const slowOdds = 8
const heldOdds = 4

export class Starvation extends RandomWalk implements Policy {
  private readonly chance: Prng

  constructor(draws: Prng) {
    super(draws, 0.05)
    this.chance = draws
  }

  override delay(strand: Strand): number {
    strand.rank ??= this.chance.below(slowOdds)
    if (strand.rank > 0 || this.chance.below(heldOdds) > 0) return 0
    return 1 + this.chance.below(delaysMax - 1)
  }
}
