/** The fiber that a region runs its effect in, and whether it may still be cut. */
import type * as Fiber from "effect/Fiber"

export type AnyFiber = Fiber.Fiber<unknown, unknown>

export class Inside {
  /** Undefined until it has begun. */
  fiber: AnyFiber | undefined
  isCut = false
  /** A region within has a value for this fiber, which has not taken it yet. */
  isReceiving = false
  /** The region within that this fiber waits for, where it may be interrupted. */
  waitsFor: { readonly inside: Inside; readonly abandon: () => void } | undefined
  private isDecided = false

  /** The effect has given its value: nothing cuts it any more. */
  decide(): void {
    this.isDecided = true
  }

  /**
   * Interrupts the effect, unless it gives its value first. Once.
   *
   * What the effect waited for may have come, and its fiber may stand in a queue with it: a
   * scheduler is free to put a resume off. So the interruption goes into the same queue, which is
   * that of the innermost region's fiber.
   */
  cut(): void {
    if (this.isCut || this.isDecided) return
    this.isCut = true
    this.schedule()
  }

  /** The fiber has taken what it was given; a cut that came meanwhile goes on. */
  received(): void {
    this.isReceiving = false
    if (this.isCut) this.schedule()
  }

  private schedule(): void {
    this.innermost.fiber?.currentDispatcher.scheduleTask(() => {
      if (!this.isDecided && !this.isReceiving) this.interrupt()
    }, 0)
  }

  private get innermost(): Inside {
    return this.waitsFor?.inside.innermost ?? this
  }

  // The run loop may put an interruption off, and run the fiber that this one waits for first; it
  // would take a value that nobody is there for. So all of them are told in the same step.
  interrupt(by?: number): void {
    this.fiber?.interruptUnsafe(by)
    this.waitsFor?.abandon()
  }
}
