/** How much fibers may take in callbacks of the host, from one turn of the queue to the next. */

/** Turns' budgets. */
const turnsMax = 4

export class CallbackShare {
  private readonly millisMax: number
  private millis = 0

  constructor(turnMillisMax: number) {
    this.millisMax = turnsMax * turnMillisMax
  }

  /** A turn begins. */
  renew(): void {
    this.millis = 0
  }

  take(millis: number): void {
    this.millis += millis
  }

  get isHalfTaken(): boolean {
    return this.millis > this.millisMax / 2
  }

  get isTaken(): boolean {
    return this.millis > this.millisMax
  }
}
