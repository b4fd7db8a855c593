/** What Bun shows of its phases, and what a hook costs the loop. */
import { all } from "@portico/core/Phase"
import { afterEach, describe, expect, it } from "vitest"
import { PhaseLog } from "../../../node/test/loop/PhaseLog.ts"
import * as BunCapabilities from "../../src/BunCapabilities.ts"
import { BunLoop } from "../../src/loop/BunLoop.ts"
import * as BunPhases from "../../src/loop/BunPhases.ts"

const loop = new BunLoop(process.platform)

const shown = (one: BunLoop) =>
  all.filter((phase) => {
    const hook = one.hookPhase(phase, () => {})
    hook?.remove()
    return hook !== undefined
  })

it("a platform that was not tried shows none, and the capabilities say so", () => {
  expect(BunPhases.isAvailable("win32")).toBe(false)
  expect(shown(new BunLoop("win32"))).toEqual([])
  const { phaseCheck, phaseIdle, phasePrepare } = BunCapabilities.make("win32")
  expect([phaseIdle, phasePrepare, phaseCheck]).toEqual([false, false, false])
})

describe.skipIf(!BunPhases.isAvailable(process.platform))("on Linux, from Bun 1.4.4 on", () => {
  const hooks: Array<{ readonly remove: () => void }> = []
  const hooked = (log: PhaseLog, phase: "idle" | "prepare" | "check") => {
    const hook = log.hook(phase)
    hooks.push(hook)
    return hook
  }
  afterEach(() => {
    for (const hook of hooks.splice(0)) hook.remove()
  })

  it("idle, prepare and check can be hooked, and no other phase", () => {
    expect(shown(loop)).toEqual(["idle", "prepare", "check"])
  })

  it("prepare comes before each poll and check after it, and the loop waits", async () => {
    const log = new PhaseLog(loop)
    hooked(log, "prepare")
    hooked(log, "check")
    await log.exchanges(20)
    expect(log.count("poll")).toBe(20)
    // All polls are between the two hooks; the log may begin and end in the middle of a turn.
    const turns = log.events.join(" ").replaceAll(/prepare( poll)* check/g, "turn")
    expect(turns).toMatch(/^(check )?turn( turn)*( prepare)?$/)
    log.events.length = 0
    await log.timers(10)
    expect(log.count("check")).toBeGreaterThanOrEqual(10)
    expect(log.count("check")).toBeLessThan(100)
  })

  it("idle comes before prepare, all the time while it is ref'd", async () => {
    const log = new PhaseLog(loop)
    const idle = hooked(log, "idle")
    hooked(log, "prepare")
    await log.untilMany("idle")
    expect(log.count("idle")).toBeGreaterThan(100)
    expect(log.events.slice(0, 4)).toEqual(["idle", "prepare", "idle", "prepare"])
    idle.setRef(false)
    await log.timers(1)
    log.events.length = 0
    await log.timers(10)
    expect(log.count("idle")).toBeGreaterThanOrEqual(10)
    expect(log.count("idle")).toBeLessThan(100)
    idle.setRef(true)
    log.events.length = 0
    await log.untilMany("idle")
    expect(log.count("idle")).toBeGreaterThan(100)
  })

  it.each(["idle", "prepare", "check"] as const)(
    "%s: removed hooks are not called",
    async (phase) => {
      const log = new PhaseLog(loop)
      const other = new PhaseLog(loop)
      const hook = hooked(log, phase)
      hooked(other, phase)
      await log.timers(1)
      hook.remove()
      hook.setRef(true)
      hook.remove()
      log.events.length = other.events.length = 0
      await log.timers(3)
      expect(log.events).toEqual(["timer", "timer", "timer"])
      expect(other.count(phase)).toBeGreaterThan(0)
    }
  )

  it("what a hook asks for soon, runs before the loop waits", async () => {
    const log = new PhaseLog(loop)
    const hook = loop.hookPhase("prepare", () => {
      hook!.remove()
      log.events.push("hook")
      queueMicrotask(() => log.events.push("microtask"))
      setImmediate(() => log.events.push("immediate"))
    })
    await log.timers(3)
    const [first, second, third] = log.events.filter((event) => event !== "timer")
    expect([first, second, third]).toEqual(["hook", "microtask", "immediate"])
    expect(log.events.indexOf("immediate")).toBeLessThan(5)
  })

  it("a hook that throws costs no other its call", async () => {
    const told: Array<unknown> = []
    const onError = (error: unknown) => told.push(error)
    const listeners = process.listeners("uncaughtException")
    process.removeAllListeners("uncaughtException").on("uncaughtException", onError)
    const thrown = new Error("on purpose")
    const log = new PhaseLog(loop)
    const hook = loop.hookPhase("check", () => {
      hook!.remove()
      throw thrown
    })
    hooked(log, "check")
    await log.timers(3)
    process.off("uncaughtException", onError)
    for (const listener of listeners) process.on("uncaughtException", listener)
    expect(told).toEqual([thrown])
    expect(log.count("check")).toBeGreaterThanOrEqual(3)
  })
})
