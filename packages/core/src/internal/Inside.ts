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
  waitsFor: { readonly abandon: () => void } | undefined
  private isDecided = false

  /** The effect has given its value: nothing cuts it any more. */
  decide(): void {
    this.isDecided = true
  }

  /** Interrupts the effect, unless it has given its value. Once. */
  cut(): void {
    if (this.isCut || this.isDecided) return
    this.isCut = true
    if (!this.isReceiving) this.interrupt()
  }

  /** Makes up for a cut that came while the fiber was receiving. */
  makeUp(): void {
    if (this.isCut && !this.isDecided) this.interrupt()
  }

  // The run loop may put an interruption off, and run the fiber that this one waits for first; it
  // would take a value that nobody is there for. So all of them are told in the same step.
  interrupt(by?: number): void {
    this.fiber?.interruptUnsafe(by)
    this.waitsFor?.abandon()
  }
}
