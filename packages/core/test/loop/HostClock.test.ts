/** Sleeps over a loop that the test drives: when they end, who knows of them, in what bracket. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { expect, it } from "vitest"
import { HostClock } from "../../src/HostClock.ts"
import { HostScheduler } from "../../src/HostScheduler.ts"
import { ScriptedLoop } from "../scripted/ScriptedLoop.ts"

const setUp = () => {
  const seen: Array<string> = []
  const loop = new ScriptedLoop(() => {})
  const watch = {
    begin: () => void seen.push("begin"),
    refreshTime: () => seen.push("look"),
    end: () => void seen.push("end")
  }
  const clock = new HostClock(loop, watch)
  const sleep = (millis: Duration.Input, name: string) =>
    Effect.runFork(
      Effect.andThen(
        clock.sleep(Duration.fromInputUnsafe(millis)),
        Effect.sync(() => void seen.push(name))
      )
    )
  return { clock, loop, seen, sleep }
}

it("a sleep ends when its time has come, in a callback that the scheduler is told of", () => {
  const { loop, seen, sleep } = setUp()
  sleep(5, "woke")
  loop.advance(4.9)
  expect(seen).toEqual([])
  loop.advance(0.1)
  expect(seen).toEqual(["begin", "look", "woke", "end"])
})

it("sleeps are known while they last, with their fibers and their ends", () => {
  const { clock, loop, sleep } = setUp()
  const [short, long] = [sleep(5, "short"), sleep(7.5, "long")]
  expect(clock.sleeps()).toEqual([
    { fiberId: short.id, endsAtMillis: loop.millis + 5 },
    { fiberId: long.id, endsAtMillis: loop.millis + 7.5 }
  ])
  loop.advance(6)
  expect(clock.sleeps().map(({ fiberId }) => fiberId)).toEqual([long.id])
})

it("an interrupted sleep is forgotten, and its timer is cancelled", async () => {
  const { clock, loop, seen, sleep } = setUp()
  const fiber = sleep(5, "woke")
  const [timer] = loop.timers
  await Effect.runPromise(Fiber.interrupt(fiber))
  expect([clock.sleeps(), timer!.isCancelled]).toEqual([[], true])
  loop.advance(100)
  expect(seen).toEqual([])
})

it("no time is a yield and an infinite one no timer: neither is asked of the host", async () => {
  const { clock, loop, seen, sleep } = setUp()
  const yielding = sleep(0, "yielded")
  const endless = sleep(Duration.infinity, "never")
  expect(seen).toEqual([])
  await Effect.runPromise(Fiber.join(yielding))
  expect(seen).toEqual(["yielded"])
  expect([loop.timers, clock.sleeps(), endless.pollUnsafe()]).toEqual([[], [], undefined])
})

it("who was woken by time sees it, also where callbacks share looks at the clock", () => {
  const loop = new ScriptedLoop(() => {})
  const scheduler = new HostScheduler(loop)
  const clock = new HostClock(loop, scheduler)
  const seen: Array<number> = []
  const sleeps = (count: number) => {
    for (let n = 0; n < count; n++) {
      const sleep = clock.sleep(Duration.millis(2))
      const look = Effect.sync(() => void seen.push(scheduler.turnMillis - loop.millis))
      Effect.runFork(Effect.andThen(sleep, look), { scheduler })
    }
  }
  // The turn that is armed does not come, as on a machine that runs others; looks run out.
  scheduler.scheduleTask(() => {}, 0)
  for (let round = 0; round < 3; round++) {
    sleeps(600)
    loop.advance(2)
  }
  expect(seen).toHaveLength(1_800)
  expect(Math.min(...seen)).toBe(0)
})
