/** The regions of `SoftCancel`: one that can be asked to stop, and those that stop when asked. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { DeadlineRegion, earliest } from "./DeadlineRegion.ts"
import { hasPassed } from "./FixedDeadline.ts"
import type { AnyFiber } from "./Inside.ts"
import { Region } from "./Region.ts"
import type { StopState } from "./StopState.ts"

/** Ends when the grace of its request is over. */
export class StopRegion<A> extends DeadlineRegion<A> {
  private readonly state: StopState

  constructor(waiter: AnyFiber, state: StopState) {
    super(waiter, state.deadline, state.deadline, false, state)
    this.state = state
    state.open(waiter.getRef(Clock.Clock))
  }

  protected override unwatch(): void {
    super.unwatch()
    this.state.close()
  }

  // Who interrupts the region asks it to stop. It has its grace, unless a deadline around it came.
  protected override interrupted(): void {
    const clock = this.waiter.getRef(Clock.Clock)
    this.state.request(undefined, clock)
    const first = earliest(this)?.deadline
    if (first !== undefined && hasPassed(first, clock)) this.exceed(first)
  }
}

/** Ends when `stop` is requested, with nothing. */
export class UntilRequested<A> extends Region<A, Option.Option<A>, never> {
  private readonly state: StopState
  private forget: (() => void) | undefined

  constructor(waiter: AnyFiber, state: StopState) {
    super(waiter)
    this.state = state
  }

  protected watch(): void {
    const cut = () => this.inside.cut()
    if (this.state.isRequested) cut()
    else this.forget = this.state.onRequest(cut)
  }

  protected unwatch(): void {
    this.forget?.()
  }

  protected succeeded(value: A): Option.Option<A> {
    return Option.some(value)
  }

  protected cutShort(): Effect.Effect<Option.Option<A>> {
    return Effect.succeedNone
  }
}
