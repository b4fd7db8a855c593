/** Draws that a seed decides: the same in each run and on each host. (xorshift32) */
export class SeededDraws {
  private state: number

  constructor(seed: number) {
    this.state = Math.imul(seed + 1, 0x9e3779b1) | 1
  }

  /** An integer from 0 to `below - 1`. */
  below(below: number): number {
    this.state ^= this.state << 13
    this.state ^= this.state >>> 17
    this.state ^= this.state << 5
    return (this.state >>> 0) % below
  }

  oneOf<A>(choices: ReadonlyArray<A>): A {
    return choices[this.below(choices.length)]!
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256))
  }

  list<A>(atMost: number, one: () => A): Array<A> {
    return Array.from({ length: this.below(atMost + 1) }, one)
  }
}
