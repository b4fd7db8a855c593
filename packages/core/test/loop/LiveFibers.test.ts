/** The fibers of a scheduler: who is alive, who ran lately, and how many ended ones are held. */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { expect, it } from "vitest"
import { LiveFibers } from "../../src/internal/loop/LiveFibers.ts"

type AnyFiber = Fiber.Fiber<unknown, unknown>

const look = (live: LiveFibers, atMillis: number): void => {
  live.nowMillis = atMillis
  live.looked()
}

const resumed = (live: LiveFibers, fiber: AnyFiber, atMillis: number): boolean => {
  look(live, atMillis)
  return live.resumed(fiber)
}

const forget = (live: LiveFibers, atMillis: number): void => {
  look(live, atMillis)
  live.forget()
}

const living = () => Effect.runFork(Effect.never)
const ended = () => Effect.runFork(Effect.void)

it("a fiber is new once", () => {
  const live = new LiveFibers()
  const fiber = living()
  expect([1, 2, 3].map((at) => resumed(live, fiber, at))).toEqual([true, false, false])
})

it("those that live are listed in order of their ids, with when they last ran", () => {
  const live = new LiveFibers()
  const [first, second, third] = [living(), living(), living()]
  const gone = ended()
  for (const fiber of [third, gone, first, second]) resumed(live, fiber, 5)
  resumed(live, first, 7.25)
  live.queued(third)
  expect(live.list()).toEqual([
    { fiber: first, resumedAtMillis: 7.25, isQueued: false },
    { fiber: second, resumedAtMillis: 5, isQueued: false },
    { fiber: third, resumedAtMillis: 5, isQueued: true }
  ])
  expect(live.count()).toBe(3)
  resumed(live, third, 8)
  expect(live.list()[2]).toEqual({ fiber: third, resumedAtMillis: 8, isQueued: false })
})

it("one that was queued at time 0 is queued, too", () => {
  const live = new LiveFibers()
  const fiber = living()
  resumed(live, fiber, 0)
  live.queued(fiber)
  expect(live.list()).toEqual([{ fiber, resumedAtMillis: 0, isQueued: true }])
})

it("those that ran since the last forgetting are recent, ended ones too, the latest first", () => {
  const live = new LiveFibers()
  const [early, late, latest, gone] = [living(), living(), living(), ended()]
  resumed(live, early, 10)
  forget(live, 20)
  resumed(live, late, 20)
  resumed(live, gone, 21)
  resumed(live, latest, 22)
  expect(live.recent()).toEqual([latest, gone, late])
})

it("of 100,000 that ended few are held, whoever lives among them", () => {
  const live = new LiveFibers()
  const fibers = Array.from({ length: 10 }, living)
  for (const fiber of fibers) resumed(live, fiber, 1)
  let most = 0
  for (let index = 0; index < 100_000; index++) {
    resumed(live, ended(), 1)
    most = Math.max(most, live.length)
  }
  expect(most).toBeLessThanOrEqual(2 * 10 + 1024)
  forget(live, 2)
  expect(live.list().map(({ fiber }) => fiber)).toEqual(fibers)
})

it("one that ended is let go within as many starts as live, if each start is forgotten", () => {
  const live = new LiveFibers()
  for (const fiber of Array.from({ length: 10 }, living)) resumed(live, fiber, 1)
  for (let index = 0; index < 100; index++) {
    resumed(live, ended(), index)
    forget(live, index)
    expect(live.length).toBeLessThanOrEqual(2 * 10)
  }
})

it("an older one that ended is let go where none of those that start live on", () => {
  const live = new LiveFibers()
  const old = Array.from({ length: 1_000 }, living)
  for (const fiber of old) live.resumed(fiber)
  live.forget()
  for (const fiber of old) fiber.interruptUnsafe()
  for (let index = 0; index < 500; index++) {
    live.resumed(ended())
    live.forget()
  }
  expect(live.length).toBe(0)
})

it("one that another scheduler ran meanwhile is listed once", () => {
  const [live, other] = [new LiveFibers(), new LiveFibers()]
  const fiber = living()
  other.resumed(living())
  for (let round = 0; round < 100; round++) {
    expect(live.resumed(fiber)).toBe(round === 0)
    expect(other.resumed(fiber)).toBe(false)
    live.forget()
    other.forget()
  }
  expect(other.list().filter((known) => known.fiber === fiber).length).toBe(1)
  expect(live.list()).toEqual([])
  expect(live.length + other.length).toBeLessThan(10)
})

it("when each last ran is known after any number of looks, whoever comes and goes", () => {
  const live = new LiveFibers()
  const fibers = Array.from({ length: 200 }, living)
  const known = (): ReadonlyArray<number> => live.list().map((one) => one.resumedAtMillis)
  for (const [index, fiber] of fibers.entries()) resumed(live, fiber, index)
  for (let at = 1_000; at < 6_000; at++) {
    forget(live, at)
    if (at % 7 === 0) live.resumed(ended())
  }
  expect(known()).toEqual(fibers.map((_, index) => index))
  for (const fiber of fibers.slice(50)) fiber.interruptUnsafe()
  for (let at = 6_000; at < 9_000; at++) {
    resumed(live, ended(), at)
    live.forget()
  }
  expect(known()).toEqual(fibers.slice(0, 50).map((_, index) => index))
})

it("one that runs at each look and one that never does are told apart", () => {
  const live = new LiveFibers()
  const [still, busy] = [living(), living()]
  resumed(live, still, 0.5)
  live.queued(still)
  for (let at = 1; at <= 5_000; at++) resumed(live, busy, at)
  expect(live.list()).toEqual([
    { fiber: still, resumedAtMillis: 0.5, isQueued: true },
    { fiber: busy, resumedAtMillis: 5_000, isQueued: false }
  ])
})

it("one that another scheduler runs in the same step is recent still", () => {
  const [live, other] = [new LiveFibers(), new LiveFibers()]
  const fiber = living()
  forget(live, 10)
  live.resumed(fiber)
  for (let at = 1; at <= 500; at++) look(other, at)
  other.resumed(fiber)
  look(live, 11)
  expect(live.recent()).toEqual([fiber])
  forget(live, 12)
  expect(live.recent()).toEqual([])
})
