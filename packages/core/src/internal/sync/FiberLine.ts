/**
 * Fibers in line for something that is handed to them.
 *
 * What is granted is a fiber's in the step of the grant, whenever it gets to run; if it is
 * interrupted before, its `giveUp` knows whether it had it.
 */
import * as Effect from "effect/Effect"

export class Waiter<Want> {
  readonly want: Want
  readonly fiberId: number
  place: "outside" | "waiting" | "granted" | "refused" = "outside"
  onEnd: () => void = () => {}

  constructor(want: Want, fiberId: number) {
    this.want = want
    this.fiberId = fiberId
  }
}

export class FiberLine<Want> {
  /** In the order in which they came. */
  readonly waiting = new Set<Waiter<Want>>()

  get first(): Waiter<Want> | undefined {
    for (const waiter of this.waiting) return waiter
    return undefined
  }

  enter(waiter: Waiter<Want>): void {
    waiter.place = "waiting"
    this.waiting.add(waiter)
  }

  /** Out of line, with or without. */
  end(waiter: Waiter<Want>, place: "granted" | "refused"): void {
    this.waiting.delete(waiter)
    waiter.place = place
    waiter.onEnd()
  }

  /** All of them, and none of those who come back while these are told. */
  endAll(place: "granted" | "refused"): void {
    const all = Array.from(this.waiting)
    this.waiting.clear()
    for (const waiter of all) this.end(waiter, place)
  }

  /** False when it was not in line any more. */
  leave(waiter: Waiter<Want>): boolean {
    const wasWaiting = this.waiting.delete(waiter)
    if (wasWaiting) waiter.place = "outside"
    return wasWaiting
  }

  /** Waits until the waiter is out of line. Interrupted, it stands there still. */
  awaitEnd(waiter: Waiter<Want>): Effect.Effect<void> {
    return Effect.callback((resume) => {
      if (waiter.place !== "waiting") return resume(Effect.void)
      waiter.onEnd = () => resume(Effect.void)
      return Effect.sync(() => (waiter.onEnd = () => {}))
    })
  }
}
