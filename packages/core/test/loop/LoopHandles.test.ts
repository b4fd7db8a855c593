/** Timers that can be moved, and wake-ups, over a loop that the test drives. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { TimerHandle } from "../../src/internal/loop/TimerHandle.ts"
import { WakeUpHandle } from "../../src/internal/loop/WakeUpHandle.ts"
import { Site } from "../../src/Site.ts"
import { ScriptedPorts } from "../scripted/ScriptedPorts.ts"

/** How a fiber stands now: what it gave, why it failed, or that it waits. */
const stands = (fiber: Fiber.Fiber<unknown, unknown>): unknown => {
  const exit = fiber.pollUnsafe()
  if (exit === undefined) return "waits"
  if (Exit.isSuccess(exit)) return exit.value
  return String(exit.cause)
}

describe("a timer", () => {
  const setUp = (millis: number) => {
    const { host, loop, table } = new ScriptedPorts()
    const timer = new TimerHandle(table, millis, new Site())
    return { host, loop, timer, await: () => Effect.runFork(timer.await) }
  }

  it("wakes all who wait for it, and whoever comes after it fired does not wait", () => {
    const { await: wait, loop, timer } = setUp(5)
    const waiting = [wait(), wait()]
    expect(timer.waits.map(({ fiberId }) => fiberId)).toEqual(waiting.map(({ id }) => id))
    loop.advance(5)
    expect([...waiting, wait()].map(stands)).toEqual([undefined, undefined, undefined])
    expect([timer.waits, timer.hasFired, timer.remainingMillis]).toEqual([[], true, 0])
  })

  it("moved, it is waited for by those who waited before, until its new time", () => {
    const { await: wait, loop, timer } = setUp(5)
    const waiting = wait()
    loop.advance(4)
    Effect.runSync(timer.restart("3 millis"))
    expect(timer.remainingMillis).toBe(3)
    loop.advance(2)
    expect(stands(waiting)).toBe("waits")
    loop.advance(1)
    expect(stands(waiting)).toBeUndefined()
  })

  it("moved after it fired, it is to be waited for again", () => {
    const { await: wait, loop, timer } = setUp(5)
    loop.advance(5)
    Effect.runSync(timer.restart("2 millis"))
    const waiting = wait()
    expect([timer.hasFired, stands(waiting)]).toEqual([false, "waits"])
    loop.advance(2)
    expect(stands(waiting)).toBeUndefined()
  })

  it("keeps the loop alive while it is ref'd and going to fire, whichever of its moves", () => {
    const { loop, timer } = setUp(5)
    expect(timer.keepsAlive).toBe(true)
    Effect.runSync(timer.unref)
    Effect.runSync(timer.restart("5 millis"))
    expect([timer.keepsAlive, loop.timers.at(-1)!.isRef]).toEqual([false, false])
    Effect.runSync(timer.ref)
    expect([timer.keepsAlive, loop.timers.at(-1)!.isRef]).toEqual([true, true])
    loop.advance(5)
    expect(timer.keepsAlive).toBe(false)
    Effect.runSync(timer.restart("1 day"))
    expect(timer.keepsAlive).toBe(true)
  })

  it("one of no end asks the host for nothing, and keeps nothing alive", () => {
    const { loop, timer } = setUp(Infinity)
    expect([loop.timers, timer.keepsAlive, timer.remainingMillis]).toEqual([[], false, Infinity])
  })

  it("closed, it fires no more, and who waits is told", () => {
    const { await: wait, host, loop, timer } = setUp(5)
    const waiting = wait()
    const closing = Effect.runFork(timer.close)
    loop.advance(5)
    host.settle()
    expect(stands(waiting)).toContain("Closed")
    expect([timer.hasFired, stands(closing)]).toEqual([false, undefined])
  })

  it("an interrupted wait is forgotten, and the others go on", async () => {
    const { await: wait, loop, timer } = setUp(5)
    const [gone, stays] = [wait(), wait()]
    await Effect.runPromise(Fiber.interrupt(gone))
    expect(timer.waits.map(({ fiberId }) => fiberId)).toEqual([stays.id])
    loop.advance(5)
    expect(stands(stays)).toBeUndefined()
  })
})

describe("a wake-up", () => {
  const setUp = () => {
    const { host, table } = new ScriptedPorts()
    const wakeUp = new WakeUpHandle(table, new Site())
    return { host, wakeUp, await: () => Effect.runFork(wakeUp.await) }
  }

  it("gives the number of wakes since it was last awaited, in a later turn", () => {
    const { await: wait, host, wakeUp } = setUp()
    const waiting = wait()
    for (let count = 0; count < 3; count++) wakeUp.wakeUnsafe()
    expect(stands(waiting)).toBe("waits")
    host.settle()
    expect(stands(waiting)).toBe(3)
    wakeUp.wakeUnsafe()
    host.settle()
    wakeUp.wakeUnsafe()
    const late = wait()
    host.settle()
    expect(stands(late)).toBe(2)
  })

  it("has one who waits; a second one is told so, and the first goes on", () => {
    const { await: wait, host, wakeUp } = setUp()
    const [first, second] = [wait(), wait()]
    expect(stands(second)).toContain("Busy")
    wakeUp.wakeUnsafe()
    host.settle()
    expect(stands(first)).toBe(1)
  })

  it("loses no wake to a wait that was interrupted", async () => {
    const { await: wait, host, wakeUp } = setUp()
    const gone = wait()
    wakeUp.wakeUnsafe()
    await Effect.runPromise(Fiber.interrupt(gone))
    expect(wakeUp.waits).toEqual([])
    host.settle()
    const next = wait()
    host.settle()
    expect(stands(next)).toBe(1)
  })

  it("closed, it wakes who waits with Closed, and refuses wakes", () => {
    const { await: wait, host, wakeUp } = setUp()
    const waiting = wait()
    Effect.runFork(wakeUp.close)
    host.settle()
    expect(stands(waiting)).toContain("Closed")
    expect(wakeUp.wakeUnsafe()?.reason._tag).toBe("Closed")
    expect(stands(wait())).toContain("Closed")
  })
})
