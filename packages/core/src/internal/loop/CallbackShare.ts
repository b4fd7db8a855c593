/** How much fibers may take in callbacks of the host, from one turn of the queue to the next. */

/** Turns' budgets. */
const turnsMax = 4
/** A small message takes the host itself 10 to 15 microseconds: to read, and to write an answer. */
const freeMillis = 0.025

export class CallbackShare {
  private readonly millisMax: number
  private millis = 0
  /** How many callbacks there were before. */
  private callbacksBefore = 0

  constructor(turnMillisMax: number) {
    this.millisMax = turnsMax * turnMillisMax
  }

  /** A turn begins; there have been so many callbacks. */
  renew(callbacks: number): void {
    this.millis = 0
    this.callbacksBefore = callbacks
  }

  take(millis: number): void {
    this.millis += millis
  }

  get isHalfTaken(): boolean {
    return this.millis > this.millisMax / 2
  }

  /**
   * While nobody waits, the first microseconds of each callback are free: the host takes as many
   * for itself, whether its fiber is put off or not.
   */
  isTaken(callbacks: number, isAnyoneWaiting: boolean): boolean {
    const over = this.millis - this.millisMax
    if (over <= 0 || isAnyoneWaiting) return over > 0
    return over > (callbacks - this.callbacksBefore) * freeMillis
  }
}
