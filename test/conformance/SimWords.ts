/** Words that simulated threads share, and how they wait for them. */
import * as Effect from "effect/Effect"

/** How often whoever waits for a word looks at it. */
export const look = Effect.sleep("10 micros")

export const awaitWord = (
  words: Int32Array<SharedArrayBuffer>,
  index: number,
  atLeast: number
): Effect.Effect<void> =>
  Effect.gen(function* () {
    while (Atomics.load(words, index) < atLeast) yield* look
  })
