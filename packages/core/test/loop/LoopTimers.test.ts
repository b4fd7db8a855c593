/** Timers over a host whose own are early, and which calls them in its own order. */
import type { LoopPort } from "@portico/core/port/index"
import { expect, it } from "vitest"
import { LoopTimers } from "../../src/internal/loop/LoopTimers.ts"

/** Host timers that are called when the test says so. */
const makeHost = () => {
  const host = { now: 0, step: 0, asked: [] as Array<number>, calls: [] as Array<() => void> }
  const loop = {
    // `step` passes with each look at the clock.
    nowMillis: () => (host.now += host.step),
    startTimer: (millis: number, callback: () => void) => {
      let isWanted = true
      host.asked.push(millis)
      host.calls.push(() => isWanted && callback())
      return { cancel: () => void (isWanted = false), setRef: () => {} }
    }
  }
  return { host, timers: new LoopTimers(loop as Partial<LoopPort> as LoopPort) }
}

type Host = ReturnType<typeof makeHost>["host"]

/** The host calls the timers that were started until now, in the order given or of their starts. */
const callAll = (host: Host, order?: ReadonlyArray<number>) => {
  const calls = host.calls
  host.calls = []
  for (const call of order?.map((n) => calls[n]!) ?? calls) call()
}

it("one that is early is started again for what is left", () => {
  const { host, timers } = makeHost()
  let fired = 0
  timers.start(2.5, () => fired++)
  host.now = 2
  callAll(host)
  expect(fired).toBe(0)
  host.now = 2.5
  callAll(host)
  expect([fired, host.asked]).toEqual([1, [3, 1]])
})

it("one that is on time takes along those that were early and are on time by now", () => {
  const { host, timers } = makeHost()
  const fired: Array<string> = []
  timers.start(5.5, () => fired.push("first"))
  timers.start(5.9, () => fired.push("third"))
  host.now = 5.4
  callAll(host)
  timers.start(0.2, () => fired.push("second"))
  host.now = 5.7
  callAll(host, [2])
  expect(fired).toEqual(["first", "second"])
})

it("those of one length ask the host for that length, even if time passes meanwhile", () => {
  const { host, timers } = makeHost()
  for (const step of [0, 1.5, 0]) {
    host.step = step
    timers.start(3, () => {})
  }
  expect(host.asked).toEqual([3, 3, 3])
})

it("equal ends fire in the order of their starts", () => {
  const { host, timers } = makeHost()
  const fired: Array<number> = []
  for (const n of [1, 2, 3]) timers.start(5, () => fired.push(n))
  host.now = 4
  callAll(host, [0, 2, 1])
  host.now = 5
  callAll(host, [1, 0, 2])
  expect(fired).toEqual([1, 2, 3])
})

it("one that was cancelled while it was early does not fire", () => {
  const { host, timers } = makeHost()
  let fired = 0
  const timer = timers.start(5, () => fired++)
  host.now = 4
  callAll(host)
  timer.cancel()
  host.now = 6
  timers.start(0, () => {})
  callAll(host)
  expect(fired).toBe(0)
})

it("one that throws costs those behind it no call", () => {
  const { host, timers } = makeHost()
  let fired = 0
  timers.start(5, () => {
    throw new Error("a defect")
  })
  timers.start(5, () => fired++)
  host.now = 4
  callAll(host)
  host.now = 5
  expect(() => callAll(host)).toThrow("a defect")
  callAll(host)
  expect(fired).toBe(1)
})
