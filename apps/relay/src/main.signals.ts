/**
 * SIGUSR1 as requests for statistics: the part that `main.node.ts` and `main.bun.ts` have in
 * common, for Bun has Node's `process`.
 */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"

/**
 * Until the scope ends, gives what waits for the next request; one that nobody waits for is kept,
 * and stands for those after it. Without a listener the signal would end Bun, and make Node listen
 * for a debugger, so one stays all the time.
 */
export const statisticsRequests = Effect.gen(function* () {
  const requests = yield* Queue.sliding<void>(1)
  const onSignal = () => void Queue.offerUnsafe(requests, undefined)
  yield* Effect.acquireRelease(
    Effect.sync(() => process.on("SIGUSR1", onSignal)),
    () => Effect.sync(() => process.off("SIGUSR1", onSignal))
  )
  return Queue.take(requests)
})
