/** Effect's random numbers, drawn from the world's seed. */
import type { Random } from "effect/Random"
import type { Prng } from "../Prng.ts"

export class SimRandom implements Random {
  private readonly draws: Prng

  constructor(draws: Prng) {
    this.draws = draws
  }

  /** From -(2^53 - 1) to 2^53 - 1. */
  nextIntUnsafe(): number {
    const magnitude = this.next53()
    return (this.draws.next() & 1) === 0 ? magnitude : -magnitude
  }

  nextDoubleUnsafe(): number {
    return this.next53() / 0x20_0000_0000_0000
  }

  /** An integer from 0 to 2^53 - 1. */
  private next53(): number {
    return (this.draws.next() >>> 5) * 0x400_0000 + (this.draws.next() >>> 6)
  }
}
