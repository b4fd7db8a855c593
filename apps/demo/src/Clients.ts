/** Clients that are at it together, and what they measure. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Measurement } from "./Measurement.ts"
import { percentile } from "./Percentile.ts"

/** What one client found out. */
export interface Conversation {
  readonly latenciesMillis: ReadonlyArray<number> | Float64Array
  readonly messages: number
  readonly bytesVerified: number
}

/** Milliseconds on the world's monotonic clock. */
export const millis = (clock: Clock.Clock): number => Number(clock.monotonicTimeNanosUnsafe()) / 1e6

/** Runs all clients at once; fails when one of them does. */
export const atOnce = Effect.fnUntraced(function* <E, R>(
  count: number,
  converse: (client: number) => Effect.Effect<Conversation, E, R>
): Effect.fn.Return<Measurement, E, R> {
  const clock = yield* Clock.Clock
  const start = millis(clock)
  const clients = Array.from({ length: count }, (_, client) => client)
  const all = yield* Effect.forEach(clients, converse, { concurrency: "unbounded" })
  const seconds = (millis(clock) - start) / 1_000
  const sorted = Float64Array.from(
    all.flatMap(({ latenciesMillis }) => Array.from(latenciesMillis))
  ).sort()
  return {
    connections: count,
    messages: all.reduce((sum, { messages }) => sum + messages, 0),
    bytesVerified: all.reduce((sum, { bytesVerified }) => sum + bytesVerified, 0),
    seconds,
    latencyMillis: { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) }
  }
})
