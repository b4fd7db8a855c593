/**
 * A stream of pseudo-random integers: sfc32, seeded by splitmix32.
 *
 * Integer operations only: engines round `Math.log` and friends differently, and a seed has to draw
 * the same numbers on Node and on Bun.
 */
export class Prng {
  private a: number
  private b: number
  private c: number
  private counter = 1

  /** `seed` is an integer from 0 to 2^53 - 1; `stream` keeps streams of one seed apart. */
  constructor(seed: number, stream: number) {
    let state = (seed >>> 0) ^ Math.imul(stream + 1, 0x9e3779b9)
    const high = Math.floor(seed / 0x1_0000_0000) >>> 0
    const mix = () => {
      state = (state + 0x9e3779b9) | 0
      let z = state ^ high
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
      return z ^ (z >>> 15)
    }
    this.a = mix()
    this.b = mix()
    this.c = mix()
    // The first outputs of sfc32 still show the seed.
    for (let round = 0; round < 12; round++) this.next()
  }

  /** An integer from 0 to 2^32 - 1. */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0
    this.counter = (this.counter + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** An integer from 0 to `count` - 1, for `count` from 1 to 2^21 (the product stays exact). */
  below(count: number): number {
    return Math.floor((this.next() * count) / 0x1_0000_0000)
  }
}
