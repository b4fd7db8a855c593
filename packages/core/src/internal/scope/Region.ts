/**
 * An effect that something outside of it may cut short: a deadline, a request to stop.
 *
 * It runs in a fiber of its own, inside; the fiber that runs the region waits for it. Effect's
 * races hand a value on through steps between which the run loop may yield, and an interruption
 * that comes then drops it. Here one synchronous step decides: the inside's last operation, after
 * which cutting does nothing, or the cut before it. What was decided reaches the waiting fiber
 * although a region around it is cut meanwhile.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { Deadline } from "../../Deadline.ts"
import { type AnyFiber, Inside } from "./Inside.ts"
import type { StopState } from "./StopState.ts"

/** A region as those inside see it. */
export interface Enclosing {
  readonly inside: Inside
  /** The next one outwards that is not over. */
  readonly outer: Enclosing | undefined
  readonly isOver: boolean
  /** What ends it, where time does. */
  readonly deadline: Deadline | undefined
  /** Its own deadline, or an earlier one around it, has come. */
  readonly exceed: (credited: Deadline) => void
  /** By what those inside are asked to stop: its own, or what it took over from around it. */
  readonly stop: StopState | undefined
}

/** The innermost region that the running fiber is in. */
export const Current = Context.Reference<Enclosing | undefined>(
  "@portico/core/internal/Region/Current",
  { defaultValue: () => undefined }
)

export abstract class Region<A, B, E> implements Enclosing {
  readonly inside = new Inside()
  readonly deadline: Deadline | undefined = undefined
  readonly stop: StopState | undefined
  isOver = false
  protected readonly waiter: AnyFiber
  private around: Enclosing | undefined
  private isAbandoned = false

  /** `waiter` runs the region. A shielded one takes nothing over from what is around it. */
  constructor(waiter: AnyFiber, isShielded = false, stop?: StopState) {
    this.waiter = waiter
    this.around = isShielded ? undefined : waiter.getRef(Current)
    this.stop = stop ?? this.around?.stop
  }

  /** Called when the inside has begun and not ended: what may cut it comes into force. */
  protected abstract watch(): void
  /** Called when it is over, also when `watch` never was. */
  protected abstract unwatch(): void
  /** What the region succeeds with. */
  protected abstract succeeded(value: A): B
  /** What it comes to after a cut. */
  protected abstract cutShort(): Effect.Effect<B, E>

  exceed(_credited: Deadline): void {
    this.inside.cut()
  }

  /** The waiting fiber was interrupted: sees to it that the inside ends. */
  protected interrupted(): void {
    this.inside.interrupt(this.waiter.id)
  }

  // Passes over what has ended for good, so that fibers which outlive their regions keep none.
  get outer(): Enclosing | undefined {
    while (this.around?.isOver === true) this.around = this.around.outer
    return this.around
  }

  /**
   * Runs `effect` inside; `resume` is told the end. Gives what an interruption has to run.
   * `isInterruptible` tells whether one can come.
   */
  begin<E2, R>(
    effect: Effect.Effect<A, E2, R>,
    isInterruptible: boolean,
    resume: (effect: Effect.Effect<B, E | E2>) => void
  ): Effect.Effect<void> | undefined {
    const host = this.host()
    if (host !== undefined && isInterruptible) host.waitsFor = this
    const inside = this.fork(effect)
    inside.addObserver((exit) => {
      this.isOver = true
      this.unwatch()
      const isWaitedFor = host?.waitsFor === this
      if (isWaitedFor) host.waitsFor = undefined
      if (this.isAbandoned) return
      // A cut of the host is on its way to the waiting fiber, which must not see this one first.
      if (isWaitedFor && host.isCut && this.isCutShort(exit)) host.interrupt()
      else resume(this.ended(exit, host))
    })
    if (this.isOver) return undefined
    this.watch()
    return Effect.suspend(() => {
      if (host !== undefined) host.isReceiving = false
      this.abandon()
      return Effect.asVoid(Fiber.await(inside))
    })
  }

  /** Nobody waits for it any more, or a region around it is cut, too. */
  abandon(): void {
    if (this.isOver) return
    this.isAbandoned = true
    this.interrupted()
  }

  private fork<E2, R>(effect: Effect.Effect<A, E2, R>): Fiber.Fiber<A, E2> {
    // `map` goes on in the step of the operation that gave the value: nothing comes between.
    const decided = Effect.map(effect, (value) => {
      this.inside.decide()
      return value
    })
    const known = Effect.withFiber<A, E2, R>((fiber) => {
      this.inside.fiber = fiber
      return decided
    })
    const context = Context.add(this.waiter.context, Current, this) as Context.Context<R>
    const fiber = Effect.runForkWith(context)(known)
    this.inside.fiber = fiber
    return fiber
  }

  /** Whether it was cut and came to nothing of its own. */
  private isCutShort(exit: Exit.Exit<unknown, unknown>): boolean {
    return this.inside.isCut && exit._tag === "Failure" && Cause.hasInterruptsOnly(exit.cause)
  }

  private ended<E2>(exit: Exit.Exit<A, E2>, host: Inside | undefined): Effect.Effect<B, E | E2> {
    if (exit._tag === "Success") return this.handOver(exit.value, host)
    if (this.isCutShort(exit)) return this.cutShort()
    if (!this.inside.isCut) return Effect.failCause(exit.cause)
    const reasons = exit.cause.reasons.filter((reason) => !Cause.isInterruptReason(reason))
    return Effect.failCause(Cause.fromReasons(reasons))
  }

  /** The inside that the waiting fiber itself is. */
  private host(): Inside | undefined {
    const inside = this.waiter.getRef(Current)?.inside
    return inside?.fiber === this.waiter ? inside : undefined
  }

  // The run loop may yield before this operation. A cut of the host in between would interrupt the
  // fiber that the value is for, so it waits until the value was taken.
  private handOver(value: A, host: Inside | undefined): Effect.Effect<B> {
    if (host === undefined) return Effect.sync(() => this.succeeded(value))
    host.isReceiving = true
    return Effect.sync(() => {
      host.received()
      return this.succeeded(value)
    })
  }
}

/** Runs `effect` inside the region that `make` makes for the running fiber. */
export const enclose = <A, E, R, B, E2>(
  effect: Effect.Effect<A, E, R>,
  make: (waiter: AnyFiber) => Region<A, B, E2>
): Effect.Effect<B, E | E2, R> =>
  Effect.flatMap(isInterruptible, (isInterruptible) =>
    Effect.callback<B, E | E2>((resume) =>
      make(Fiber.getCurrent()!).begin(effect, isInterruptible, resume)
    )
  )

// Effect does not tell it in words: what restores an interruptible region is `interruptible`.
const isInterruptible = Effect.uninterruptibleMask((restore) =>
  Effect.succeed(restore === Effect.interruptible)
)
