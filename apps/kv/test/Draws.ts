/** Numbers by seed (mulberry32): the same on every host. */
export class Draws {
  private state: number

  constructor(seed: number) {
    this.state = Math.imul(seed + 1, 0x9e37_79b9)
  }

  /** 0 to `bound` - 1. */
  below(bound: number): number {
    this.state = (this.state + 0x6d2b_79f5) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound)
  }

  oneOf<A>(items: ReadonlyArray<A>): A {
    return items[this.below(items.length)]!
  }
}
