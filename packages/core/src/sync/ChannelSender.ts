/** An end of a channel through which values go in. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ChannelState } from "../internal/sync/ChannelState.ts"
import { Waiter } from "../internal/sync/FiberLine.ts"
import { orRetry, tooLate } from "../internal/orRetry.ts"
import { SyncError } from "./SyncError.ts"
import { Broken, Closed, type SyncReason } from "./SyncReason.ts"

/** A place that is promised. */
export interface Place<A> {
  /**
   * Puts a value there: at once, and for certain; dropped if nobody receives any more. Once: later
   * calls, and those after the scope of the place has ended, fail with `Closed`.
   */
  readonly send: (value: A) => Effect.Effect<void, SyncError>
}

export class Sender<A> {
  private readonly state: ChannelState<A>
  private isClosed = false

  /** By `Channel.make` and `clone`. */
  constructor(state: ChannelState<A>) {
    this.state = state
    state.senders++
  }

  private leave(waiter: Waiter<void>): void {
    if (this.state.sending.leave(waiter)) return
    if (waiter.place === "granted") this.state.unreserve()
    waiter.place = "outside"
  }

  private put(waiter: Waiter<void>, value: A): void {
    waiter.place = "outside"
    this.state.putReserved(value)
  }

  /**
   * `now`, which throws when there is no place now; else waits for one, and `use` has it: in one
   * step, before or after which an interruption comes.
   */
  private placed<B>(
    operation: string,
    now: () => B,
    use: (waiter: Waiter<void>) => B
  ): Effect.Effect<B, SyncError> {
    const wait: Effect.Effect<B, SyncError> = Effect.callback((resume) => {
      const fail = (reason: SyncReason) => resume(Effect.fail(new SyncError(operation, reason)))
      if (this.isClosed) return fail(Closed)
      // The run loop may have yielded since.
      if (this.state.isOpen) return resume(attempt)
      const waiter = new Waiter<void>(undefined, 0)
      waiter.onEnd = () => {
        if (waiter.place === "granted") resume(Effect.sync(() => use(waiter)))
        else fail(Broken)
      }
      const reason = this.state.enter(waiter)
      return reason === undefined ? Effect.sync(() => this.leave(waiter)) : fail(reason)
    })
    const attempt = orRetry(Effect.sync(now), wait)
    return attempt
  }

  /**
   * Waits for a place, in line, and puts the value there. Fails with `Broken` when nobody receives
   * any more, `Closed` when this end is, `TooManyWaiters`. Interrupted, it has put nothing in.
   */
  send(value: A): Effect.Effect<void, SyncError> {
    const now = () => {
      if (this.isClosed || !this.state.isOpen) throw tooLate
      this.state.put(value)
    }
    return this.placed("Sender.send", now, (waiter) => this.put(waiter, value))
  }

  /** Whether it was put in: not when there is no place, or others wait for one. Never waits. */
  trySend(value: A): Effect.Effect<boolean, SyncError> {
    return Effect.suspend(() => {
      const { state } = this
      const reason = this.isClosed ? Closed : state.isBroken ? Broken : undefined
      if (reason !== undefined) return Effect.fail(new SyncError("Sender.trySend", reason))
      return Effect.sync(() => {
        if (!state.isOpen) return false
        state.put(value)
        return true
      })
    })
  }

  /**
   * Waits for a place as `send` does, and keeps it until something is sent there or the scope ends.
   * The channel does not end before that, though all senders close.
   */
  get reserve(): Effect.Effect<Place<A>, SyncError, Scope.Scope> {
    return Effect.uninterruptibleMask((restore) =>
      Effect.suspend(() => {
        let had: Waiter<void> | undefined
        const now = () => {
          if (this.isClosed || !this.state.isOpen) throw tooLate
          had = this.state.reserve()
        }
        const place = this.placed("Sender.reserve", now, (waiter) => void (had = waiter))
        const leave = () =>
          Effect.sync(() => {
            if (had !== undefined) this.leave(had)
          })
        const send = (value: A) =>
          Effect.suspend(() => {
            const waiter = had
            return waiter?.place === "granted"
              ? Effect.sync(() => this.put(waiter, value))
              : Effect.fail(new SyncError("Place.send", Closed))
          })
        // An interruption may come between having it and being told so.
        return Effect.as(
          Effect.andThen(Effect.onError(restore(place), leave), Effect.addFinalizer(leave)),
          { send }
        )
      })
    )
  }

  /** One more end, until the scope ends. Fails with `Closed`. */
  get clone(): Effect.Effect<Sender<A>, SyncError, Scope.Scope> {
    return Effect.uninterruptible(
      Effect.suspend(() => {
        if (this.isClosed) return Effect.fail(new SyncError("Sender.clone", Closed))
        const sender = new Sender(this.state)
        return Effect.as(
          Effect.addFinalizer(() => sender.close),
          sender
        )
      })
    )
  }

  /** Those who wait in `send` go on. Idempotent. */
  get close(): Effect.Effect<void> {
    return Effect.sync(() => {
      if (this.isClosed) return
      this.isClosed = true
      this.state.senders--
      this.state.tellEnd()
    })
  }
}
