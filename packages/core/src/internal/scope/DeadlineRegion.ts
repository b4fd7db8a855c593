/** A region that a deadline ends. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Deadline } from "../../Deadline.ts"
import { DeadlineExceeded } from "../../DeadlineExceeded.ts"
import type { MovableDeadline, Watcher } from "../../MovableDeadline.ts"
import { hasPassed } from "./FixedDeadline.ts"
import type { AnyFiber } from "./Inside.ts"
import { type Enclosing, Region } from "./Region.ts"
import type { StopState } from "./StopState.ts"

/** The region, from `region` outwards, whose deadline comes first; of equals the outermost. */
export const earliest = (
  region: Enclosing | undefined
): { readonly region: Enclosing; readonly deadline: Deadline } | undefined => {
  let found: { readonly region: Enclosing; readonly deadline: Deadline } | undefined
  for (let next = region; next !== undefined; next = next.outer) {
    const { deadline } = next
    if (next.isOver || deadline?.nanos === undefined) continue
    if (found === undefined || deadline.nanos <= found.deadline.nanos!) {
      found = { region: next, deadline }
    }
  }
  return found
}

export class DeadlineRegion<A> extends Region<A, A, DeadlineExceeded> implements Watcher {
  override readonly deadline: Deadline
  private readonly limit: MovableDeadline
  private readonly isLate: boolean
  private credited: Deadline

  /** `deadline` is what the caller gave; `limit` is it, or stands for it. */
  constructor(
    waiter: AnyFiber,
    deadline: Deadline,
    limit: MovableDeadline,
    isShielded = false,
    stop?: StopState
  ) {
    super(waiter, isShielded, stop)
    this.deadline = deadline
    this.limit = limit
    this.credited = deadline
    this.isLate = hasPassed(deadline, waiter.getRef(Clock.Clock))
  }

  protected watch(): void {
    this.limit.watchUnsafe(this, this.waiter)
  }

  protected unwatch(): void {
    this.limit.unwatchUnsafe(this)
  }

  // One around it that is due as well wins, although its own timer may come a little later.
  expired(): void {
    const first = earliest(this)
    if (first !== undefined && first.region !== this) first.region.exceed(first.deadline)
    this.exceed(first?.deadline ?? this.deadline)
  }

  override exceed(credited: Deadline): void {
    this.credited = credited
    super.exceed(credited)
  }

  protected succeeded(value: A): A {
    return value
  }

  // A deadline in the past lets others run, so that trying again and again starves nobody.
  protected cutShort(): Effect.Effect<never, DeadlineExceeded> {
    const failure = Effect.fail(new DeadlineExceeded({ deadline: this.credited }))
    return this.isLate ? Effect.andThen(Effect.yieldNow, failure) : failure
  }
}
