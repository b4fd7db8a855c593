/** What Node shows of its phases, and what a hook costs the loop. */
import { all } from "@portico/core/Phase"
import { expect, it } from "vitest"
import { NodeLoop } from "../../src/loop/NodeLoop.ts"
import { PhaseLog } from "./PhaseLog.ts"

const loop = new NodeLoop()

it("idle and check can be hooked, and no other phase", () => {
  const shown = all.filter((phase) => {
    const hook = loop.hookPhase(phase, () => {})
    hook?.remove()
    return hook !== undefined
  })
  expect(shown).toEqual(["idle", "check"])
})

it.each([true, false])("check (ref: %s) comes after each poll, and the loop waits", async (ref) => {
  const log = new PhaseLog(loop)
  const hook = log.hook("check")
  hook.setRef(ref)
  await log.exchanges(20)
  const polls = log.events.flatMap((event, index) => (event === "poll" ? [index] : []))
  for (const poll of polls) expect(log.events[poll + 1]).toBe("check")
  log.events.length = 0
  await log.timers(10)
  hook.remove()
  expect(log.count("check")).toBeGreaterThanOrEqual(5)
  // Others may move the loop, too: the test's own runner talks to its parent.
  expect(log.count("check")).toBeLessThan(100)
})

it("idle comes all the time while ref'd, and in turns that happen anyway while not", async () => {
  const log = new PhaseLog(loop)
  const hook = log.hook("idle")
  await log.untilMany("idle")
  expect(log.count("idle")).toBeGreaterThan(100)
  hook.setRef(false)
  await log.timers(1)
  log.events.length = 0
  await log.timers(10)
  expect(log.count("idle")).toBeGreaterThanOrEqual(5)
  expect(log.count("idle")).toBeLessThan(100)
  hook.setRef(true)
  log.events.length = 0
  await log.untilMany("idle")
  expect(log.count("idle")).toBeGreaterThan(100)
  hook.remove()
})

it.each(["idle", "check"] as const)("%s is not called once removed", async (phase) => {
  const log = new PhaseLog(loop)
  const hook = log.hook(phase)
  await log.timers(1)
  hook.remove()
  hook.setRef(true)
  hook.remove()
  log.events.length = 0
  await log.timers(3)
  expect(log.events).toEqual(["timer", "timer", "timer"])
})

it("a hook may remove itself", async () => {
  let calls = 0
  const hook = loop.hookPhase("check", () => {
    calls++
    hook!.remove()
  })
  await new PhaseLog(loop).timers(3)
  expect(calls).toBe(1)
})
