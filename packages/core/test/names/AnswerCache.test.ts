import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { expect, it } from "vitest"
import { AnswerCache } from "../../src/internal/names/AnswerCache.ts"

const run = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.runPromise(Effect.provide(effect, TestClock.layer()))

/** A cache of TTLs, and how often each was asked for. */
const counting = (entriesMax = 10) => {
  let asked = 0
  const cache = new AnswerCache<number>(entriesMax, (seconds) => seconds)
  const get = (key: string, seconds: number) =>
    cache.get(
      key,
      Effect.sync(() => {
        asked++
        return seconds
      })
    )
  return { cache, get, asked: () => asked }
}

it("keeps an answer until its TTL is over, and says how old it is", () =>
  run(
    Effect.gen(function* () {
      const { asked, get } = counting()
      yield* get("a", 10)
      yield* TestClock.adjust("9900 millis")
      expect(yield* get("a", 10)).toEqual({ value: 10, ageSeconds: 9, isShared: true })
      expect(asked()).toBe(1)
      yield* TestClock.adjust("100 millis")
      expect(yield* get("a", 10)).toEqual({ value: 10, ageSeconds: 0, isShared: false })
      expect(asked()).toBe(2)
    })
  ))

it("never holds more than entriesMax", () =>
  run(
    Effect.gen(function* () {
      const { cache, get } = counting(3)
      yield* Effect.forEach(
        Array.from({ length: 100 }, (_, index) => `${index}`),
        (key) => get(key, 60)
      )
      expect(cache.size).toBe(3)
    })
  ))

it("counts time from when the answer came, not from when it was asked for", () =>
  run(
    Effect.gen(function* () {
      const cache = new AnswerCache<number>(1, (seconds) => seconds)
      const slow = cache.get("a", Effect.delay(Effect.succeed(10), "8 seconds"))
      const fiber = yield* Effect.forkChild(slow)
      yield* TestClock.adjust("8 seconds")
      yield* Effect.yieldNow
      expect(fiber.pollUnsafe()?._tag).toBe("Success")
      yield* TestClock.adjust("3 seconds")
      expect(yield* cache.get("a", Effect.die("asked again"))).toMatchObject({ ageSeconds: 3 })
      expect(yield* Clock.currentTimeMillis).toBe(11_000)
    })
  ))
