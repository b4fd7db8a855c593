/** An end of a channel through which values come out. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { type ChannelState, Taker } from "../internal/sync/ChannelState.ts"
import { orRetry, tooLate } from "../internal/orRetry.ts"
import { SyncError } from "./SyncError.ts"
import { Closed, type SyncReason } from "./SyncReason.ts"

export class Receiver<A> {
  private readonly state: ChannelState<A>
  private isClosed = false

  /** By `Channel.make` and `clone`. */
  constructor(state: ChannelState<A>) {
    this.state = state
    state.receivers++
  }

  /**
   * The next value, waited for in line; none at the end, which repeats. Fails with `Closed` when
   * this end is, and with `TooManyWaiters`. Interrupted, it has taken nothing.
   */
  get receive(): Effect.Effect<Option.Option<A>, SyncError> {
    return orRetry(this.takeNow, this.wait)
  }

  // What is there is nobody else's: values are given to who waits as they come.
  private readonly takeNow = Effect.sync(() => {
    const { state } = this
    const item = this.isClosed ? undefined : state.take()
    if (item === undefined) throw tooLate
    return Option.some(item.value)
  })

  private get wait(): Effect.Effect<Option.Option<A>, SyncError> {
    return Effect.callback((resume) => {
      const fail = (reason: SyncReason) =>
        resume(Effect.fail(new SyncError("Receiver.receive", reason)))
      const { state } = this
      const { receiving, waitersMax } = state
      if (this.isClosed) return fail(Closed)
      // The run loop may have yielded since.
      if (state.items.length > 0) return resume(this.receive)
      if (state.isEnded) return resume(Effect.succeedNone)
      if (receiving.waiting.size >= waitersMax) return fail({ _tag: "TooManyWaiters", waitersMax })
      const taker = new Taker<A>({ item: undefined }, 0)
      taker.onEnd = () => resume(Effect.sync(() => takeFrom(taker)))
      receiving.enter(taker)
      return Effect.sync(() => state.unask(taker))
    })
  }

  /** One more end, until the scope ends. Each value goes to one of them. Fails with `Closed`. */
  get clone(): Effect.Effect<Receiver<A>, SyncError, Scope.Scope> {
    return Effect.uninterruptible(
      Effect.suspend(() => {
        if (this.isClosed) return Effect.fail(new SyncError("Receiver.clone", Closed))
        const receiver = new Receiver(this.state)
        return Effect.as(
          Effect.addFinalizer(() => receiver.close),
          receiver
        )
      })
    )
  }

  /** With the last one goes what nobody has received. Idempotent. */
  get close(): Effect.Effect<void> {
    return Effect.sync(() => {
      if (this.isClosed) return
      this.isClosed = true
      this.state.receivers--
      if (this.state.isBroken) this.state.break()
    })
  }
}

const takeFrom = <A>({ want }: Taker<A>): Option.Option<A> => {
  const { item } = want
  want.item = undefined
  return item === undefined ? Option.none() : Option.some(item.value)
}
