/** A signal as a stream, for both hosts: Bun has Node's `process`. */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"

/**
 * One element each time the signal comes; of those that nobody took yet, the last. It listens as
 * long as it runs: without a listener SIGUSR1 ends Bun, and makes Node wait for a debugger.
 */
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
