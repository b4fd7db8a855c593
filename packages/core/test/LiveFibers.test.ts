/** The fibers of a scheduler: who is alive, who ran lately, and how many ended ones are held. */
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { LiveFibers } from "../src/internal/loop/LiveFibers.ts"

const living = () => Effect.runFork(Effect.never)
const ended = () => Effect.runFork(Effect.void)

it("a fiber is new once", () => {
  const live = new LiveFibers()
  const fiber = living()
  expect([1, 2, 3].map((at) => live.resumed(fiber, at))).toEqual([true, false, false])
})

it("those that live are listed in order of their ids, with when they last ran", () => {
  const live = new LiveFibers()
  const [first, second, third] = [living(), living(), living()]
  const gone = ended()
  for (const fiber of [third, gone, first, second]) live.resumed(fiber, 5)
  live.resumed(first, 7.25)
  live.queued(third)
  expect(live.list()).toEqual([
    { fiber: first, resumedAtMillis: 7.25, isQueued: false },
    { fiber: second, resumedAtMillis: 5, isQueued: false },
    { fiber: third, resumedAtMillis: 5, isQueued: true }
  ])
  expect(live.count()).toBe(3)
  live.resumed(third, 8)
  expect(live.list()[2]).toEqual({ fiber: third, resumedAtMillis: 8, isQueued: false })
})

it("one that was queued at time 0 is queued, too", () => {
  const live = new LiveFibers()
  const fiber = living()
  live.resumed(fiber, 0)
  live.queued(fiber)
  expect(live.list()).toEqual([{ fiber, resumedAtMillis: 0, isQueued: true }])
})

it("those that ran since the last forgetting are recent, ended ones too, the latest first", () => {
  const live = new LiveFibers()
  const [early, late, latest, gone] = [living(), living(), living(), ended()]
  live.resumed(early, 10)
  live.forget(20)
  live.resumed(late, 20)
  live.resumed(gone, 21)
  live.resumed(latest, 22)
  expect(live.recent()).toEqual([latest, gone, late])
})

it("of 100,000 that ended few are held, whoever lives among them", () => {
  const live = new LiveFibers()
  const fibers = Array.from({ length: 10 }, living)
  for (const fiber of fibers) live.resumed(fiber, 1)
  let most = 0
  for (let index = 0; index < 100_000; index++) {
    live.resumed(ended(), 1)
    most = Math.max(most, live.length)
  }
  expect(most).toBeLessThanOrEqual(2 * 10 + 1024)
  live.forget(2)
  expect(live.list().map(({ fiber }) => fiber)).toEqual(fibers)
})

it("one that ended is let go within as many starts as live, if each start is forgotten", () => {
  const live = new LiveFibers()
  for (const fiber of Array.from({ length: 10 }, living)) live.resumed(fiber, 1)
  for (let index = 0; index < 100; index++) {
    live.resumed(ended(), index)
    live.forget(index)
    expect(live.length).toBeLessThanOrEqual(2 * 10)
  }
})
