import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as TestClock from "effect/testing/TestClock"
import { expect, it } from "vitest"
import { AcceptBackOff } from "../../src/internal/tcp/AcceptBackOff.ts"
import { IoError } from "../../src/IoError.ts"
import { Reason } from "../../src/Reason.ts"

const error = new IoError({
  operation: "Tcp.serve",
  reason: Reason.ResourceExhausted({ resource: "descriptors" })
})

const run = <A>(body: (lines: Array<string>) => Effect.Effect<A>): Promise<A> => {
  const lines: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => {
    lines.push([logLevel, ...(Array.isArray(message) ? message : [message])].join(" "))
  })
  return Effect.runPromise(
    body(lines).pipe(Effect.provide([TestClock.layer(), Logger.layer([logger])]))
  )
}

/** How long one wait takes, to the millisecond. */
const waited = (backOff: AcceptBackOff) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(backOff.wait(error), { startImmediately: true })
    for (let millis = 1; ; millis++) {
      yield* TestClock.adjust(1)
      if (fiber.pollUnsafe() !== undefined) return millis
    }
  })

it("waits double from 5 ms to 1 s, and stay there", () =>
  run(() =>
    Effect.gen(function* () {
      const backOff = new AcceptBackOff()
      const waits: Array<number> = []
      for (let index = 0; index < 10; index++) {
        const fiber = yield* Effect.forkChild(backOff.wait(error), { startImmediately: true })
        const expected = Math.min(5 * 2 ** index, 1000)
        yield* TestClock.adjust(expected - 1)
        expect(fiber.pollUnsafe()).toBeUndefined()
        yield* TestClock.adjust(1)
        yield* Fiber.join(fiber)
        waits.push(expected)
      }
      expect(waits.at(-1)).toBe(1000)
      expect(backOff.count).toBe(10)
    })
  ))

it("an accepted connection ends the episode: the next begins at 5 ms", () =>
  run(() =>
    Effect.gen(function* () {
      const backOff = new AcceptBackOff()
      expect(yield* waited(backOff)).toBe(5)
      expect(yield* waited(backOff)).toBe(10)
      backOff.recovered()
      expect(yield* waited(backOff)).toBe(5)
      expect(backOff.count).toBe(3)
    })
  ))

it("an episode is logged once, as a warning, with the error", () =>
  run((lines) =>
    Effect.gen(function* () {
      const backOff = new AcceptBackOff()
      yield* waited(backOff)
      yield* waited(backOff)
      expect(lines).toEqual([`Warn Accepting pauses and retries: ${error.message}`])
      backOff.recovered()
      yield* waited(backOff)
      expect(lines.length).toBe(2)
    })
  ))
