/**
 * A bounded queue between fibers whose ends are counted: when the last sender has closed, receivers
 * get what lies there and then the end; when the last receiver has closed, senders are told
 * `Broken`. (Effect's `Queue` has no ends: somebody has to know when to end it.)
 *
 * A place can be reserved first, and what is sent into it then neither waits nor fails. Senders and
 * receivers are served in turn. As the memory object streams of trio and AnyIO; reserving as in
 * tokio's `mpsc::Sender::reserve`.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { ChannelState } from "../internal/sync/ChannelState.ts"
import { Receiver } from "./ChannelReceiver.ts"
import { Sender } from "./ChannelSender.ts"
import { SyncError } from "./SyncError.ts"
import { outside } from "./SyncReason.ts"

export { Receiver } from "./ChannelReceiver.ts"
export { type Place, Sender } from "./ChannelSender.ts"

export interface ChannelOptions {
  /** Values that it holds, promised places included: 1 to 1,000,000. */
  readonly capacity: number
  /** Fibers that may wait on each side, 0 to 1,000,000. Default 10,000. */
  readonly waitersMax?: number | undefined
}

export interface Channel<A> {
  readonly sender: Sender<A>
  readonly receiver: Receiver<A>
}

/** A channel with one end of each kind, which the scope closes. Fails with `InvalidArgument`. */
export const make = <A>(
  options: ChannelOptions
): Effect.Effect<Channel<A>, SyncError, Scope.Scope> =>
  Effect.suspend(() => {
    const { capacity, waitersMax = 10_000 } = options
    const bad =
      outside("capacity", capacity, 1, 1_000_000) ?? outside("waitersMax", waitersMax, 0, 1_000_000)
    if (bad !== undefined) return Effect.fail(new SyncError("Channel.make", bad))
    const state = new ChannelState<A>(capacity, waitersMax)
    return Effect.uninterruptible(
      Effect.gen(function* () {
        const [sender, receiver] = [new Sender(state), new Receiver(state)]
        yield* Effect.addFinalizer(() => Effect.andThen(sender.close, receiver.close))
        return { sender, receiver }
      })
    )
  })
