/** A signal as a stream, for both hosts: `process` is the same on either. */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"

/** One element each time the signal comes; of those that nobody took yet, the last. */
export const signals = (name: NodeJS.Signals): Stream.Stream<void> =>
  Stream.callback<void>(
    (queue) => {
      const listen = () => void Queue.offerUnsafe(queue, undefined)
      return Effect.acquireRelease(
        Effect.sync(() => void process.on(name, listen)),
        () => Effect.sync(() => void process.off(name, listen))
      )
    },
    { bufferSize: 1, strategy: "sliding" }
  )
