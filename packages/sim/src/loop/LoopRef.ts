/**
 * What keeps the loop alive for as long as it is held: one for each handle, as in libuv.
 */
export interface RefCount {
  /** `by` is 1 or -1. */
  countRef(by: number): void
}

export class LoopRef {
  private readonly count: RefCount
  private isHeld = true
  private isDropped = false

  /** Held at first. */
  constructor(count: RefCount) {
    this.count = count
    count.countRef(1)
  }

  /** Idempotent. Without effect once dropped. */
  set(isHeld: boolean): void {
    if (this.isDropped || this.isHeld === isHeld) return
    this.isHeld = isHeld
    this.count.countRef(isHeld ? 1 : -1)
  }

  /** Lets go for good. Idempotent. */
  drop(): void {
    this.set(false)
    this.isDropped = true
  }
}
