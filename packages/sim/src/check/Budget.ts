/** How much a check may cost. It ends at a limit with a verdict of its own, never with "passed". */
export interface CheckOptions {
  /**
   * Configurations to look at, over all parts; each is held in memory, 100 to 500 bytes. Default
   * 1,000,000.
   */
  readonly statesMax?: number | undefined
  /**
   * Real time. The clock is the caller's: `() => performance.now()`. Left out: none, so that a
   * verdict is the same on every machine.
   */
  readonly timeMax?: { readonly millis: number; readonly now: () => number } | undefined
}

export type Limit = "states" | "time"

export class Budget {
  states = 0
  private readonly statesMax: number
  private readonly isLate: () => boolean

  constructor({ statesMax = 1_000_000, timeMax }: CheckOptions) {
    this.statesMax = statesMax
    if (timeMax === undefined) {
      this.isLate = () => false
    } else {
      const ends = timeMax.now() + timeMax.millis
      this.isLate = () => timeMax.now() >= ends
    }
  }

  /** One more configuration; the limit that this went over. */
  spend(): Limit | undefined {
    if (++this.states > this.statesMax) return "states"
    // A look at a clock costs as much as a small configuration.
    return this.states % 256 === 0 && this.isLate() ? "time" : undefined
  }
}
