/** Removes keys when their time is over, whether or not anybody asks for them. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Keyspace } from "./data/Keyspace.ts"

/** Keys removed in one step. */
const keysPerStep = 1_000
/** How often to look at most, and at least: so long after its time a key may be in memory. */
const waitMillisMin = 100
const waitMillisMax = 1_000

export const expireInTime = Effect.fnUntraced(function* (
  keyspace: Keyspace
): Effect.fn.Return<never> {
  for (;;) {
    const now = yield* Clock.currentTimeMillis
    keyspace.now = now
    if (keyspace.expireDue(keysPerStep) === keysPerStep) {
      yield* Effect.yieldNow
      continue
    }
    const next = keyspace.expiring.first?.expiresAt ?? Infinity
    yield* Effect.sleep(Math.min(waitMillisMax, Math.max(waitMillisMin, next - now)))
  }
})
