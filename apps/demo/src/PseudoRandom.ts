/**
 * Bytes that repeat from run to run and that no echo gets right by chance (xorshift32, Marsaglia).
 */
export class PseudoRandom {
  private state: number

  /** `seed` is not 0. */
  constructor(seed: number) {
    this.state = seed
  }

  /** Fills `target` with the next bytes. */
  fill(target: Uint8Array): void {
    let state = this.state
    for (let index = 0; index < target.length; index += 1) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      target[index] = state >>> 8
    }
    this.state = state
  }
}
